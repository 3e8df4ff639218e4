// Stub written for the sdkaudit sample app: only the package and class name belong to the real Gson library;
// none of the vendor's code is in here, and nothing is sent anywhere.
package com.google.gson.annotations;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface SerializedName {
    String value();
}
