//! Circles in what refers to each other: imports, features, identities.

/// The references that close a circle, each as the two ends: one of every circle that there is, in
/// the order in which they are met. `next` gives what an item refers to.
pub(super) fn closing(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut state = vec![State::New; count];
    for start in 0..count {
        if state.get(start) != Some(&State::New) {
            continue;
        }
        let mut open = vec![(start, next(start).into_iter())];
        set(&mut state, start, State::Open);
        while let Some((at, rest)) = open.last_mut() {
            let at = *at;
            let Some(to) = rest.next() else {
                set(&mut state, at, State::Done);
                open.pop();
                continue;
            };
            match state.get(to) {
                Some(State::New) => {
                    set(&mut state, to, State::Open);
                    open.push((to, next(to).into_iter()));
                }
                Some(State::Open) => found.push((at, to)),
                Some(State::Done) | None => {}
            }
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn set(state: &mut [State], at: usize, to: State) {
    if let Some(state) = state.get_mut(at) {
        *state = to;
    }
}

#[cfg(test)]
mod tests {
    use super::closing;

    fn of(edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let next = |from| {
            let edges = edges.iter().filter(|edge| edge.0 == from);
            edges.map(|edge| edge.1).collect()
        };
        closing(5, next)
    }

    #[test]
    fn each_circle_is_found_once() {
        assert_eq!(of(&[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]), []);
        assert_eq!(of(&[(2, 2)]), [(2, 2)]);
        assert_eq!(
            of(&[(0, 1), (1, 2), (2, 1), (3, 4), (4, 3)]),
            [(2, 1), (4, 3)]
        );
        // A number that nothing has is passed over.
        assert_eq!(of(&[(0, 9)]), []);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let last = 1_000_000;
        let next = |at: usize| vec![if at + 1 == last { 0 } else { at + 1 }];
        assert_eq!(closing(last, next), [(last - 1, 0)]);
    }
}
