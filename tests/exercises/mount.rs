//! How an answer stands beside the check of its lesson.

use workbook::grade::Check;

/// One answer to an exercise, mounted beside the exercise's check.
pub struct Answer {
    pub stem: &'static str,
    pub file: &'static str,
    pub check: fn() -> Check,
    /// The expectation that it must not meet; None for the solution.
    pub fails: Option<&'static str>,
}

impl Answer {
    pub fn name(&self) -> &'static str {
        self.file.trim_end_matches(".rs")
    }
}

/// Mounts the answers of one lesson beside its check, which is compiled once: each answer is mounted with
/// the lesson's `subject.rs`, which says how the check calls it. What the check, the subject and the answers need beside them is listed
/// as `needs`, in the order of the lesson's `mod` lines.
macro_rules! graded {
    (
        $lesson:ident: $stem:literal, $lessons:literal, $subject:literal, $solutions:literal,
        needs [$($sibling:ident),*];
        $( $module:ident $file:literal => $fails:expr; )*
    ) => {
        #[path = $lessons]
        mod $lesson {
            pub mod check;
            $(
                #[allow(dead_code, reason = "the lesson's scenes use all of it, an answer need not")]
                pub mod $sibling;
            )*
            graded!(@mount $($module $file),* ; $solutions, $subject, [$($sibling),*]);
        }
        fn $lesson() -> Vec<Answer> {
            vec![$( Answer {
                stem: $stem,
                file: $file,
                check: $lesson::$module::graded,
                fails: $fails,
            } ),*]
        }
    };
    (@mount $module:ident $file:literal $(, $modules:ident $files:literal)* ; $($rest:tt)*) => {
        graded!(@one $module $file ; $($rest)*);
        graded!(@mount $($modules $files),* ; $($rest)*);
    };
    (@mount ; $($rest:tt)*) => {};
    (@one $module:ident $file:literal ; $solutions:literal, $subject:literal, [$($sibling:ident),*]) => {
        #[path = $solutions]
        pub mod $module {
            #[allow(unused_imports, reason = "an answer need not use all that the lesson has")]
            use super::{check $(, $sibling)*};
            #[path = $file]
            mod exercise;
            #[path = $subject]
            mod subject;
            pub fn graded() -> workbook::grade::Check {
                check::check(subject::SUBJECT)
            }
        }
    };
}
