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

/// Mounts the answers of one lesson the way the lesson mounts its exercise: as siblings of its check
/// (and of what else the two need).
macro_rules! answers {
    (
        $answers:ident: $stem:literal,
        $folder:literal, $check:literal $(, $sibling:ident: $path:literal)?;
        $( $module:ident $file:literal => $fails:expr; )*
    ) => {
        answers!(@mount $($module $file),* ; $folder, $check $(, $sibling: $path)?);
        fn $answers() -> Vec<Answer> {
            vec![$( Answer { stem: $stem, file: $file, check: $module::check, fails: $fails } ),*]
        }
    };
    (@mount $module:ident $file:literal $(, $modules:ident $files:literal)* ; $($rest:tt)*) => {
        answers!(@one $module $file ; $($rest)*);
        answers!(@mount $($modules $files),* ; $($rest)*);
    };
    (@mount ; $($rest:tt)*) => {};
    (@one $module:ident $file:literal ; $folder:literal, $check:literal $(, $sibling:ident: $path:literal)?) => {
        #[path = $folder]
        mod $module {
            #[path = $check]
            mod check;
            #[path = $file]
            mod exercise;
            $(
                #[path = $path]
                #[allow(dead_code, reason = "the lesson's scenes use all of it, an answer need not")]
                mod $sibling;
            )?
            pub use check::check;
        }
    };
}
