//! Punycode (RFC 3492), as far as it takes to read a label of a domain name.

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CHARACTER: u32 = 0x80;

/// A label has up to 63 octets (RFC 1034 section 3.1), of which four are `xn--`.
const LONGEST: usize = 59;

/// The text that `label`, without its `xn--`, stands for; `None` if it stands for none.
pub(super) fn decode(label: &str) -> Option<String> {
    if label.len() > LONGEST {
        return None;
    }
    let (basic, extended) = label.rsplit_once('-').unwrap_or(("", label));
    let mut output: Vec<char> = basic.chars().collect();
    if extended.is_empty() || !basic.is_ascii() {
        return None;
    }
    let (mut character, mut at, mut bias) = (FIRST_CHARACTER, 0u32, FIRST_BIAS);
    let mut digits = extended.bytes();
    while digits.len() > 0 {
        let before = at;
        let mut weight = 1u32;
        for step in 1u32.. {
            let digit = digit(digits.next()?)?;
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = step.checked_mul(BASE)?.saturating_sub(bias);
            let threshold = threshold.clamp(LEAST, MOST);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
        }
        let length = u32::try_from(output.len()).ok()?.checked_add(1)?;
        bias = adapted(at - before, length, before == 0);
        character = character.checked_add(at / length)?;
        at %= length;
        output.insert(usize::try_from(at).ok()?, char::from_u32(character)?);
        at += 1;
    }
    Some(output.into_iter().collect())
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        _ => None,
    }
}

/// The bias for the next character (RFC 3492 section 6.1).
const fn adapted(delta: u32, length: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / length;
    let mut steps = 0;
    while delta > ((BASE - LEAST) * MOST) / 2 {
        delta /= BASE - LEAST;
        steps += BASE;
    }
    steps + (BASE - LEAST + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn labels_are_read() {
        for (label, text) in [
            ("bcher-kva", "b\u{fc}cher"),
            (
                "ihqwcrb4cv8a8dqg056pqjye",
                "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
            ),
            (
                "egbpdaj6bu4bxfgehfvwxn",
                "\u{644}\u{64a}\u{647}\u{645}\u{627}\u{628}\u{62a}\u{643}\u{644}\u{645}\u{648}\u{634}\u{639}\u{631}\u{628}\u{64a}\u{61f}",
            ),
            (
                "-with-super-monkeys-pc58ag80a8qai00g7n9n",
                "\u{5b89}\u{5ba4}\u{5948}\u{7f8e}\u{6075}-with-super-monkeys",
            ),
        ] {
            assert_eq!(decode(label).as_deref(), Some(text), "{label}");
        }
        assert_eq!(decode(&"a".repeat(100_000)), None);
        for label in ["", "abc-", "bcher-k", "999999999999", "a\u{fc}-kva", "k_a"] {
            assert_eq!(decode(label), None, "{label}");
        }
    }
}
