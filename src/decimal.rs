//! Scaled integers as text with decimal places, and exact means of them.

use num_bigint::{BigInt, BigUint};

use crate::total::Total;

/// Appends the digits of a scaled integer, after a minus if there is one, with
/// a mark before its decimal places and no zeros at their end.
pub(crate) fn push(digits: &[u8], places: u8, mark: u8, out: &mut Vec<u8>) {
    let digits = match digits.strip_prefix(b"-") {
        Some(digits) => {
            out.push(b'-');
            digits
        }
        None => digits,
    };
    let places = usize::from(places);
    let (whole, rest) = digits.split_at(digits.len().saturating_sub(places));
    out.extend_from_slice(if whole.is_empty() { b"0" } else { whole });
    let zeros = rest.iter().rev().take_while(|&&digit| digit == b'0').count();
    let needed = &rest[..rest.len() - zeros];
    if !needed.is_empty() {
        out.push(mark);
        out.resize(out.len() + places - rest.len(), b'0');
        out.extend_from_slice(needed);
    }
}

/// A scaled integer as text, its mark a point.
pub(crate) fn text(total: &Total, places: u8) -> String {
    let mut out = Vec::new();
    push(total.to_string().as_bytes(), places, b'.', &mut out);
    String::from_utf8(out).expect("digits")
}

/// The mean of `count` numbers that come to `sum`, an integer scaled by
/// `places` decimal places, as one scaled by `mean_places`. Halves are rounded
/// away from zero.
pub(crate) fn mean(
    sum: &Total,
    count: &Total,
    places: u8,
    mean_places: u8,
) -> Total {
    // Either the quotient has more places than the sum, or the divisor more.
    let more = mean_places.saturating_sub(places);
    let less = power(places.saturating_sub(mean_places));
    if let (Some(sum), Some(count)) = (sum.to_small(), count.to_small())
        && let Some(divisor) = (count as u64).checked_mul(less)
        && let Some(mean) = small(sum.unsigned_abs(), divisor, more)
    {
        return Total::from(if sum < 0 { -mean } else { mean });
    }
    let divisor = count.to_big().into_parts().1 * less;
    let (sign, sum) = sum.to_big().into_parts();
    let doubled = (sum * power(more)) << 1;
    let mean: BigUint = (doubled + &divisor) / (divisor << 1);
    Total::from(BigInt::from_biguint(sign, mean))
}

/// A quotient with more places, rounded, digit by digit as it is done on
/// paper; `None` if something doesn't fit.
fn small(sum: u64, divisor: u64, more: u8) -> Option<i64> {
    let (mut mean, mut rest) = (sum / divisor, sum % divisor);
    for _ in 0..more {
        rest = rest.checked_mul(10)?;
        mean = mean.checked_mul(10)?.checked_add(rest / divisor)?;
        rest %= divisor;
    }
    let up = rest >= divisor - rest;
    i64::try_from(mean.checked_add(u64::from(up))?).ok()
}

/// Ten to the power of so many places, at most 18.
fn power(places: u8) -> u64 {
    10_u64.pow(places.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::MOST_PLACES;
    use proptest::prelude::*;

    fn check(digits: &str, places: u8, expected: &str) {
        assert_eq!(text(&digits.parse().unwrap(), places), expected);
    }

    #[test]
    fn decimal_places() {
        check("0", 0, "0");
        check("1250", 0, "1250");
        check("1250", 2, "12.5");
        check("300", 2, "3");
        check("0", 2, "0");
        check("5", 2, "0.05");
        check("-5", 2, "-0.05");
        check("-50", 2, "-0.5");
        check("100", 3, "0.1");
        check("-12345", 2, "-123.45");
        check("1", 18, "0.000000000000000001");
        check("9223372036854775807", 18, "9.223372036854775807");
        check("-9223372036854775808", 18, "-9.223372036854775808");
        check("100000000000000000000", 18, "100");
        check("100000000000000000001", 2, "1000000000000000000.01");
    }

    fn check_mean(sum: &str, count: i64, [from, to]: [u8; 2], expected: &str) {
        let sum = sum.parse().unwrap();
        let mean = mean(&sum, &Total::from(count), from, to);
        assert_eq!(text(&mean, to), expected);
    }

    #[test]
    fn means() {
        check_mean("10", 4, [0, 6], "2.5");
        check_mean("10", 4, [0, 0], "3");
        check_mean("-10", 4, [0, 0], "-3");
        check_mean("9", 4, [0, 0], "2");
        check_mean("2", 3, [0, 6], "0.666667");
        check_mean("-1", 3, [0, 6], "-0.333333");
        check_mean("-1", 3, [0, 0], "0");
        check_mean("1", 3, [0, 18], "0.333333333333333333");
        check_mean("125", 1, [2, 1], "1.3");
        check_mean("-125", 1, [2, 1], "-1.3");
        check_mean("124", 1, [2, 1], "1.2");
        check_mean("125", 2, [2, 2], "0.63");
        check_mean("1", 2, [18, 18], "0.000000000000000001");
        check_mean("9223372036854775807", 1, [0, 18], "9223372036854775807");
        check_mean("-9223372036854775808", 1, [0, 0], "-9223372036854775808");
        check_mean(
            "300000000000000000001",
            3,
            [0, 2],
            "100000000000000000000.33",
        );
        check_mean(
            "9",
            9_000_000_000_000_000_000,
            [0, 18],
            "0.000000000000000001",
        );
    }

    /// A sum of any size.
    fn any_sum() -> impl Strategy<Value = BigInt> {
        (any::<i128>(), 0..128_u32).prop_map(|(n, by)| BigInt::from(n >> by))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Twice the mean is within one step of twice the quotient, and no
        /// nearer to zero where it is just between.
        #[test]
        fn as_a_fraction(
            sum in any_sum(),
            count in 1..i64::MAX,
            shift in 0..63_u32,
            places in [0..=MOST_PLACES, 0..=MOST_PLACES],
        ) {
            let count = (count >> shift).max(1);
            let total = Total::from(sum.clone());
            let [from, to] = places;
            let mean = mean(&total, &Total::from(count), from, to).to_big();
            // sum / (count × 10^from) and mean / 10^to, both times all below.
            let scale = BigInt::from(10).pow(from.into()) * count;
            let exact = sum.magnitude() * BigUint::from(10_u8).pow(to.into());
            let given = mean.magnitude() * scale.magnitude();
            let twice = BigInt::from(exact) * 2 - BigInt::from(given) * 2;
            prop_assert!(-&scale <= twice && twice < scale, "{}", mean);
            prop_assert!(mean.sign() == sum.sign() || mean == BigInt::ZERO);
        }

        #[test]
        fn as_the_digits_say(sum in any_sum(), places in 0..=MOST_PLACES) {
            let text = text(&Total::from(sum.clone()), places);
            let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
            prop_assert!(!rest.ends_with('0'));
            let all = format!("{whole}{rest:0<width$}", width = places.into());
            prop_assert_eq!(all.parse::<BigInt>().unwrap(), sum);
        }
    }
}
