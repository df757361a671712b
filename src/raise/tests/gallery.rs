//! Derivatives as people know them.

use super::Lab;
use crate::tensor::Function;

#[test]
fn least_squares() {
    let mut l = Lab::new();
    let (x, w, y) = (l.symbol("X", &["m", "n"]), l.symbol("w", &["n"]), l.symbol("y", &["m"]));
    let xw = l.product(&[&x, &w]);
    let r = l.minus(&xw, &y);
    let xt = l.t(&x);
    let g = l.product(&[&xt, &r]);
    let g = l.scale(2, 1, &g);
    l.check(&g, "2 X' (X w - y)");
    let rt = l.t(&r);
    let loss = l.product(&[&rt, &r]);
    l.check(&loss, "norm(X w - y)^2");
    let norm = l.power(&loss, 1, 2);
    l.check(&norm, "norm(X w - y)");
    let _ = Function::Exp;
}
