// Stub written for the sdkaudit sample app: only the package and class name belong to the real Gson library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.google.gson;

import com.google.gson.annotations.SerializedName;
import java.lang.reflect.Field;

public final class Gson {
    public String toJson(Object value) {
        StringBuilder out = new StringBuilder("{");
        for (Field field : value.getClass().getFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            out.append('"').append(name == null ? field.getName() : name.value()).append("\",");
        }
        return out.append('}').toString();
    }
}
