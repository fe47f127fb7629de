// Lets a macro double its output.
// base: stub
// verdict: did_not_compile
// points: 0

macro_rules! double {
    ($($item:tt)*) => { double! { $($item)* $($item)* } };
}

double! { a }

fn attack() {}
