//! What to ask of a test that finds too much, or too little.

use super::super::promise::Promise;

/// For a test that fails although the promise is kept.
pub fn of_a_false_alarm(promise: Promise) -> &'static str {
    match promise {
        Promise::Stored => {
            "What a client is told whose call was dropped or cut is not what was promised."
        }
        Promise::Broken => "A code was promised, and no text.",
        Promise::Freed => {
            "Was the connection open when you counted first? Did the time pass in `lab.sleep(…).await`, and was it \
             a second? A sleep on the real clock stops the lab's only thread, and a few milliseconds are too short \
             for a client that is far away."
        }
        Promise::Bounded => {
            "For how many points has the client's window room? tonic's own has 2 MiB."
        }
        Promise::Deadline => {
            "A second was promised behind the deadline. A deadline that is shorter than the way there and back ends \
             at the client, with another code."
        }
        Promise::Answered => "A second was promised, also to a client that is far away.",
        Promise::Neighbours => {
            "A second was promised, also to a client that is far away. Has the subscriber that reads a large window?"
        }
        Promise::Vanished => {
            "A minute was promised. Does the test wait for one? And what does it count? Tasks of the connection are \
             not part of the List; response streams are."
        }
    }
}

/// For a test that passes although the promise is broken.
pub fn of_a_miss(promise: Promise) -> &'static str {
    match promise {
        Promise::Stored => "In how many ways can an upload end before its last message?",
        Promise::Broken => "Behind which message does the error come?",
        Promise::Freed => {
            "What is over because the test itself has dropped it? What may the server still have? And were tasks \
             counted before that have ended with their connection?"
        }
        Promise::Bounded => "How many points does the source make while the test runs?",
        Promise::Answered => "Has the client half-closed before it waits for the answer?",
        Promise::Deadline => "Which timer has ended the call, the server's or one of the test's?",
        Promise::Neighbours => {
            "Is the upload larger than all that windows and queues can hold for the other subscriber?"
        }
        Promise::Vanished => "Is the server told that its client has gone?",
    }
}

/// For a test that passes although the promise is broken in a way that is harder to see.
pub fn of_a_careless_pass(promise: Promise) -> &'static str {
    match promise {
        Promise::Stored => "What is stored when a client has been told OK?",
        Promise::Broken => "Which code was promised, and behind how many points?",
        Promise::Deadline => "Which code was promised?",
        Promise::Neighbours => "How long may an upload take to a subscriber that reads?",
        Promise::Freed | Promise::Bounded | Promise::Answered | Promise::Vanished => {
            of_a_miss(promise)
        }
    }
}
