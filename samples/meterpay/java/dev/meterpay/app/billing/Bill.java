// Part of the sdkaudit sample app (an invented app of an invented company).
package dev.meterpay.app.billing;

public class Bill {
    public String meterId = "BW-000042";
    public double kwh = 318.5;
    public long cents = 17518;
}
