// TODO: a line for each answer, with the sentence of the check that must catch it.
graded! { lesson_@NN@: "@STEM@",
    "../lessons/@STEM@", "../../lessons/@STEM@/subject.rs",
    "../../solutions/@STEM@", needs [];
    _@NN@_starter "starter.rs" => Some("answers with a greeting");
    _@NN@_solution "solution.rs" => None;
    _@NN@_wrong_one "wrong_one.rs" => Some("ends a call without a name with InvalidArgument");
    _@NN@_wrong_two "wrong_two.rs" => Some("ends a call without a name with InvalidArgument");
    _@NN@_wrong_three "wrong_three.rs" => Some("ends a call without a name with InvalidArgument");
}

