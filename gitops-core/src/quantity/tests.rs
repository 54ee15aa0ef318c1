use super::*;
use proptest::prelude::*;

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn as_kubernetes_prints_them() {
    for (text, printed) in [
        ("0", "0"),
        ("0Gi", "0"),
        ("-", "0"),
        ("-0", "0"),
        ("m", "0"),
        ("Ti", "0"),
        ("0Pi", "0"),
        ("1000", "1k"),
        ("1024", "1024"),
        ("0.1", "100m"),
        (".5", "500m"),
        ("5.", "5."),
        ("1.5", "1500m"),
        ("0.0000001", "100n"),
        ("0.9n", "1n"),
        ("-0.9n", "-1n"),
        ("0.99999999999", "1"),
        ("1e-30", "1e-9"),
        ("1000m", "1"),
        ("2500m", "2500m"),
        ("1000k", "1M"),
        ("1000Ki", "1000Ki"),
        ("1.25Mi", "1280Ki"),
        ("0.1Gi", "107374182400m"),
        ("0.5Ki", "512"),
        ("4096Mi", "4Gi"),
        ("-4096Mi", "-4Gi"),
        ("8Ei", "9223372036854775807"),
        ("1e3", "1e3"),
        ("1E3", "1E3"),
        ("1E", "1E"),
        ("1.5e3", "1500"),
        ("1e10", "10e9"),
        ("1e+3", "1e+3"),
        ("12e-1", "1200e-3"),
        ("9223372036854775808", "9223372036854775808"),
        ("1234567890123456789012k", "1234567890123456789012k"),
        ("1000E", "1000E"),
        ("+1", "+1"),
        ("00100", "00100"),
        ("-0.5", "-500m"),
    ] {
        assert_eq!(quantity(text).to_string(), printed, "{text}");
    }
}

#[test]
fn canonical_form_ignores_how_it_was_written() {
    for (text, canonical) in [("5.", "5"), ("+1", "1"), ("00100", "100"), ("1E3", "1e3"), ("1e+3", "1e3")] {
        assert_eq!(quantity(text).canonical(), canonical, "{text}");
    }
}

#[test]
fn refused() {
    for text in [
        "", " 1", "1 ", "1_000", "1g", "1KI", "1.2.3", "1e3x", "0x10", "1e1.5", "true", "１", "Ei", "-Pi",
        "e-20",
    ] {
        assert!(matches!(text.parse::<Quantity>(), Err(QuantityError::Form { .. })), "{text}");
    }
    for text in ["1K", "1kk", "1ki", "1Kim", "1e", "1e-", "1k3", "1+3", "1e99999999999"] {
        assert!(matches!(text.parse::<Quantity>(), Err(QuantityError::Suffix { .. })), "{text}");
    }
}

#[test]
fn values_compare_exactly() {
    for group in [
        &["-1Ki", "-1024"][..],
        &["-1k", "-1000"],
        &["-1m", "-0.001", "-1e-3"],
        &["0", "-0", "0Ki", "0e9"],
        &["1n", "0.9n", "0.000000001"],
        &["0.5", "500m", ".50", "5e-1"],
        &["1", "1000m", "1.0", "01", "1e0"],
        &["1k", "1000", "1e3"],
        &["1Ki", "1024", "1.024k"],
        &["1M", "1000k"],
        &["1Mi", "1024Ki", "1048576"],
        &["9223372036854775807", "8Ei"],
        &["9223372036854775808", "9223372036854775808000m"],
        &["1e30"],
    ]
    .windows(2)
    {
        let [low, high] = group else { unreachable!("windows of two") };
        for a in *low {
            low.iter().for_each(|b| assert_eq!(quantity(a), quantity(b), "{a} and {b}"));
            high.iter().for_each(|b| assert!(quantity(a) < quantity(b), "{a} and {b}"));
        }
    }
}

#[test]
fn long_numbers_cost_little() {
    let nines = "9".repeat(100_000);
    assert!(quantity(&nines) > quantity("1e99999"));
    assert_eq!(quantity(&format!("{nines}Ei")).canonical(), i64::MAX.to_string());
    assert_eq!(quantity(&format!("0.{nines}")).canonical(), "1");
    assert_eq!(quantity("1e2000000000").canonical(), "100e1999999998");
}

proptest! {
    #[test]
    fn canonical_form_keeps_the_value(
        text in "[+-]?[0-9]{0,6}(\\.[0-9]{0,12})?(n|u|m||k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e[0-9]|e-[0-9])",
    ) {
        let Ok(quantity) = text.parse::<Quantity>() else { return Ok(()) };
        for text in [quantity.canonical(), quantity.to_string()] {
            prop_assert_eq!(text.parse(), Ok(quantity.clone()), "{}", text);
        }
        let canonical = quantity.canonical();
        prop_assert_eq!(canonical.parse::<Quantity>().unwrap().canonical(), canonical);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[+-]?[0-9.eEinumkKMGTP]{0,10}") {
        let _ = text.parse::<Quantity>();
    }
}
