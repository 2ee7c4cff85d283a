//! Every exercise: its starter fails with the finding that its chapter shows, its solution passes,
//! and each wrong answer fails with the finding that names its mistake.
//!
//! Only what stands in `solutions/` is graded here, never a student's `exercise.rs`. Each grading
//! runs in a process of its own: this very program, started again with `--grade STEM ANSWER`.

#![allow(
    clippy::duplicate_mod,
    reason = "each answer has a copy of its lesson's subject, which says how the check calls it"
)]

#[path = "exercises/files.rs"]
mod files;
#[path = "exercises/grading.rs"]
mod grading;
#[macro_use]
#[path = "exercises/mount.rs"]
mod mount;
mod support;

use std::env;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use files::{every_file_is_graded, three_wrong_answers};
use grading::{GRADE, grade_here, is_graded_as_promised};
use mount::Answer;

graded! { unary: "01_unary",
    "../lessons/01_unary", "../../lessons/01_unary/subject.rs",
    "../../solutions/01_unary", needs [];
    _01_starter "starter.rs" => Some("greets by name");
    _01_solution "solution.rs" => None;
    _01_wrong_panics "wrong_panics.rs" => Some("an empty name ends the call with InvalidArgument");
    _01_wrong_error_in_ok "wrong_error_in_ok.rs" => Some("an empty name ends the call with InvalidArgument");
    _01_wrong_code "wrong_code.rs" => Some("an empty name ends the call with InvalidArgument");
    _01_wrong_trims "wrong_trims.rs" => Some("greets with the name unchanged, white space around it included");
    _01_wrong_ascii_only "wrong_ascii_only.rs" => Some("a name of white space is refused like an empty one");
    _01_wrong_white_space "wrong_white_space.rs" => Some("a name of white space is refused like an empty one");
    _01_wrong_silent "wrong_silent.rs" => Some("the status message says which field is wrong");
    _01_wrong_panics_inside_a_character "wrong_panics_inside_a_character.rs" => Some("greets by name");
}

graded! { server_streaming: "02_server_streaming",
    "../lessons/02_server_streaming", "../../lessons/02_server_streaming/subject.rs",
    "../../solutions/02_server_streaming", needs [table];
    _02_starter "starter.rs" => Some("streams every user, in order");
    _02_solution "solution.rs" => None;
    _02_wrong_collects_first "wrong_collects_first.rs" => Some("the first user leaves as soon as the first page is read");
    _02_wrong_loops_for_ever "wrong_loops_for_ever.rs" => Some("a page_size of 0 or less means 10");
    _02_wrong_gives_nothing "wrong_gives_nothing.rs" => Some("a page_size of 0 or less means 10");
    _02_wrong_trusts_the_size "wrong_trusts_the_size.rs" => Some("a page_size of more than 1,000 means 1,000");
    _02_wrong_stops_silently "wrong_stops_silently.rs" => Some("a page that cannot be read ends the call with an error");
    _02_wrong_silence_is_the_end "wrong_silence_is_the_end.rs" => Some("waits for a page for as long as it takes");
    _02_wrong_goes_on "wrong_goes_on.rs" => Some("a page that cannot be read ends the call with an error");
    _02_wrong_one_at_a_time "wrong_one_at_a_time.rs" => Some("lists for a second client beside one that does not read");
    _02_wrong_reads_on "wrong_reads_on.rs" => Some("stops reading once the client has cancelled the call");
}

graded! { client_streaming: "03_client_streaming",
    "../lessons/03_client_streaming", "../../lessons/03_client_streaming/subject.rs",
    "../../solutions/03_client_streaming", needs [chunks];
    _03_starter "starter.rs" => Some("every byte arrives, in order and numbered from 0");
    _03_solution "solution.rs" => None;
    _03_wrong_one_budget "wrong_one_budget.rs" => Some("uploads two files to a server that reads neither to its end");
    _03_wrong_reads_before_the_call "wrong_reads_before_the_call.rs" => Some("returns an early answer although the reader gives nothing more");
    _03_wrong_reads_first "wrong_reads_first.rs" => Some("the first chunk is sent before the file is read to its end");
    _03_wrong_keeps_the_sender "wrong_keeps_the_sender.rs" => Some("the upload comes to an end");
    _03_wrong_ignores_send_error "wrong_ignores_send_error.rs" => Some("stops reading when the server has refused");
    _03_wrong_status_of_the_send "wrong_status_of_the_send.rs" => Some("stops reading when the server has refused");
    _03_wrong_waits_for_the_reader "wrong_waits_for_the_reader.rs" => Some("returns an early answer although the reader gives nothing more");
    _03_wrong_silence_is_the_end "wrong_silence_is_the_end.rs" => Some("the upload comes to an end");
    _03_wrong_its_own_status "wrong_its_own_status.rs" => Some("returns the server's error, with its message, details and metadata");
    _03_wrong_leaves_the_producer "wrong_leaves_the_producer.rs" => Some("returns an early answer although the reader gives nothing more");
    _03_wrong_one_at_a_time "wrong_one_at_a_time.rs" => Some("uploads a second file beside one that stalls");
    _03_wrong_half_closes "wrong_half_closes.rs" => Some("a reader that fails does not look like the end of the file");
    _03_wrong_holds_it_all "wrong_holds_it_all.rs" => Some("holds little in memory when the server does not read");
    _03_wrong_error_as_end "wrong_error_as_end.rs" => Some("a reader that fails does not look like the end of the file");
}

graded! { bidi_streaming: "04_bidi_streaming",
    "../lessons/04_bidi_streaming", "../../lessons/04_bidi_streaming/subject.rs",
    "../../solutions/04_bidi_streaming", needs [];
    _04_starter "starter.rs" => Some("sends every line, in order, to the room \"lobby\"");
    _04_solution "solution.rs" => None;
    _04_wrong_hides_repeats "wrong_hides_repeats.rs" => Some("sends every line, in order, to the room \"lobby\"");
    _04_wrong_says_all_first "wrong_says_all_first.rs" => Some("shows what the server sends before the first line");
    _04_wrong_alternates "wrong_alternates.rs" => Some("shows a message when it arrives, not when the next line is sent");
    _04_wrong_stops_at_half_close "wrong_stops_at_half_close.rs" => Some("goes on showing after the last line");
    _04_wrong_keeps_the_sender "wrong_keeps_the_sender.rs" => Some("returns when both sides have ended");
    _04_wrong_waits_for_the_lines "wrong_waits_for_the_lines.rs" => Some("returns the status of a call that the server ends, though lines are still to come");
    _04_wrong_leaves_the_talker "wrong_leaves_the_talker.rs" => Some("drops the lines when the call is over");
    _04_wrong_swallows_the_status "wrong_swallows_the_status.rs" => Some("returns the status of a call that the server ends, though lines are still to come");
    _04_wrong_silence_is_the_end "wrong_silence_is_the_end.rs" => Some("goes on showing after the last line");
    _04_wrong_copies_the_status "wrong_copies_the_status.rs" => Some("returns the status of a call that the server ends, though lines are still to come");
    _04_wrong_tries_to_send "wrong_tries_to_send.rs" => Some("sends every line, in order, to the room \"lobby\"");
    _04_wrong_loses_the_last "wrong_loses_the_last.rs" => Some("shows the messages that arrive together with the end");
    _04_wrong_loses_a_batch "wrong_loses_a_batch.rs" => Some("shows the messages that arrive together with the end");
    _04_wrong_waits_for_headers "wrong_waits_for_headers.rs" => Some("sends each line when it comes");
}

graded! { three_ends: "05_three_ends",
    "../lessons/05_three_ends", "../../lessons/05_three_ends/subject.rs",
    "../../solutions/05_three_ends", needs [];
    _05_starter "starter.rs" => Some("streams what the producer sends, then ends with OK");
    _05_solution "solution.rs" => None;
    _05_wrong_without_a_task "wrong_without_a_task.rs" => Some("runs the producer in a tokio task");
    _05_wrong_forgets_the_task "wrong_forgets_the_task.rs" => Some("a panic of the producer reaches the client as Internal");
    _05_wrong_catches_and_ends "wrong_catches_and_ends.rs" => Some("a panic of the producer reaches the client as Internal");
    _05_wrong_does_not_wait "wrong_does_not_wait.rs" => Some("a panic of the producer reaches the client as Internal");
    _05_wrong_tries_to_tell "wrong_tries_to_tell.rs" => Some("a panic of the producer reaches the client as Internal");
    _05_wrong_tells_all "wrong_tells_all.rs" => Some("keeps the message of the panic to itself");
    _05_wrong_detaches "wrong_detaches.rs" => Some("the producer ends when the client cancels the call");
    _05_wrong_collects "wrong_collects.rs" => Some("each item leaves when it is made");
    _05_wrong_failure_as_end "wrong_failure_as_end.rs" => Some("read_all returns the status of a stream that failed");
    _05_wrong_end_as_failure "wrong_end_as_failure.rs" => Some("read_all returns every value of a complete stream");
    _05_wrong_silence_as_end "wrong_silence_as_end.rs" => Some("read_all returns every value of a complete stream");
}

graded! { eof_is_not_commit: "06_eof_is_not_commit",
    "../lessons/06_eof_is_not_commit", "../../lessons/06_eof_is_not_commit/subject.rs",
    "../../solutions/06_eof_is_not_commit", needs [store];
    _06_starter "starter.rs" => Some("stores a complete file, and returns a receipt");
    _06_solution "solution.rs" => None;
    _06_wrong_commits_at_none "wrong_commits_at_none.rs" => Some("stores nothing when the stream ends without finish");
    _06_wrong_trusts_the_count "wrong_trusts_the_count.rs" => Some("refuses data that is not what was sent");
    _06_wrong_leaves_the_partial "wrong_leaves_the_partial.rs" => Some("leaves nothing behind when the connection breaks");
    _06_wrong_no_guard "wrong_no_guard.rs" => Some("leaves nothing behind when a server timeout drops the handler");
    _06_wrong_detaches "wrong_detaches.rs" => Some("leaves nothing behind when a server timeout drops the handler");
    _06_wrong_loses_data "wrong_loses_data.rs" => Some("refuses finish with data, and finish without a chunk");
    _06_wrong_trusts_the_numbers "wrong_trusts_the_numbers.rs" => Some("takes chunks in the order of arrival, whatever their numbers and names");
    _06_wrong_insists_on_the_name "wrong_insists_on_the_name.rs" => Some("takes chunks in the order of arrival, whatever their numbers and names");
    _06_wrong_hides_the_reason "wrong_hides_the_reason.rs" => Some("refuses a name that would leave the folder, as InvalidArgument");
    _06_wrong_one_at_a_time "wrong_one_at_a_time.rs" => Some("keeps uploads apart, slow ones and failed ones too");
    _06_wrong_removes_the_older "wrong_removes_the_older.rs" => Some("keeps the older file of the same name until a new one is complete");
    _06_wrong_gives_up "wrong_gives_up.rs" => Some("waits for the next message for as long as it takes");
    _06_wrong_holds_it_all "wrong_holds_it_all.rs" => Some("writes a chunk when it arrives");
    _06_wrong_ignores_appends "wrong_ignores_appends.rs" => Some("gives no receipt for a file that could not be stored");
    _06_wrong_late_guard "wrong_late_guard.rs" => Some("gives no receipt for a file that could not be stored");
    _06_wrong_tidies_up_later "wrong_tidies_up_later.rs" => Some("stores nothing when the stream ends without finish");
    _06_wrong_trusts_the_length "wrong_trusts_the_length.rs" => Some("replaces a file by a newer one of the same length");
    _06_wrong_gathers "wrong_gathers.rs" => Some("writes a chunk when it arrives");
}

graded! { errors_are_final: "07_errors_are_final",
    "../lessons/07_errors_are_final", "../../lessons/07_errors_are_final/subject.rs",
    "../../solutions/07_errors_are_final", needs [directory];
    _07_starter "starter.rs" => Some("creates every good user, and counts them in the answer");
    _07_solution "solution.rs" => None;
    _07_wrong_goes_on "wrong_goes_on.rs" => Some("an error of the stream ends the call, with its own status");
    _07_wrong_error_as_end "wrong_error_as_end.rs" => Some("an error of the stream ends the call, with its own status");
    _07_wrong_own_words "wrong_own_words.rs" => Some("an error of the stream ends the call, with its own status");
    _07_wrong_asks_on "wrong_asks_on.rs" => Some("asks the directory for nothing after the first such problem");
    _07_wrong_drains "wrong_drains.rs" => Some("ends the call at once, though the client goes on sending");
    _07_wrong_gives_up "wrong_gives_up.rs" => Some("waits for the next user for as long as it takes");
    _07_wrong_one_code "wrong_one_code.rs" => Some("a full directory ends the call with ResourceExhausted and the quota");
    _07_wrong_leaks "wrong_leaks.rs" => Some("a broken directory ends the call with Internal, and keeps its cause to itself");
    _07_wrong_leaks_in_details "wrong_leaks_in_details.rs" => Some("a broken directory ends the call with Internal, and keeps its cause to itself");
    _07_wrong_leaks_in_metadata "wrong_leaks_in_metadata.rs" => Some("a broken directory ends the call with Internal, and keeps its cause to itself");
    _07_wrong_no_details "wrong_no_details.rs" => Some("a full directory ends the call with ResourceExhausted and the quota");
    _07_wrong_item_as_status "wrong_item_as_status.rs" => Some("rejects a bad user with a reason, and creates the others");
    _07_wrong_one_for_each_id "wrong_one_for_each_id.rs" => Some("rejects a bad user with a reason, and creates the others");
    _07_wrong_knows_better "wrong_knows_better.rs" => Some("asks the directory once for each user, in order");
    _07_wrong_lists_all "wrong_lists_all.rs" => Some("lists up to 1,000 rejected users, and ends the call at the next with InvalidArgument");
    _07_wrong_lists_some "wrong_lists_some.rs" => Some("lists up to 1,000 rejected users, and ends the call at the next with InvalidArgument");
    _07_wrong_swallows "wrong_swallows.rs" => Some("a full directory ends the call with ResourceExhausted and the quota");
    _07_wrong_asks_again "wrong_asks_again.rs" => Some("a busy directory ends the call with Unavailable and the time to wait");
}

graded! { call_that_never_returns: "08_call_that_never_returns",
    "../lessons/08_call_that_never_returns", "../../lessons/08_call_that_never_returns/subject.rs",
    "../../solutions/08_call_that_never_returns", needs [];
    _08_starter "starter.rs" => Some("is answered by a server that wants a message first");
    _08_solution "solution.rs" => None;
    _08_wrong_calls_first "wrong_calls_first.rs" => Some("is answered by a server that wants a message first");
    _08_wrong_queues_some "wrong_queues_some.rs" => Some("is answered by a server that wants 1,000 messages first");
    _08_wrong_no_bound "wrong_no_bound.rs" => Some("never takes more than 128 messages ahead of the server");
    _08_wrong_tries_again "wrong_tries_again.rs" => Some("makes one call, and waits for its answer");
    _08_wrong_whole_call "wrong_whole_call.rs" => Some("does not give up a call that has been answered");
    _08_wrong_every_silence "wrong_every_silence.rs" => Some("does not give up a call that has been answered");
    _08_wrong_every_cancelled "wrong_every_cancelled.rs" => Some("returns the server's status, before and after the answer");
    _08_wrong_detaches "wrong_detaches.rs" => Some("drops the source when the call is over");
    _08_wrong_silent_producer "wrong_silent_producer.rs" => Some("drops the source when the call is over");
    _08_wrong_silence_is_the_end "wrong_silence_is_the_end.rs" => Some("does not give up a call that has been answered");
    _08_wrong_drops_messages "wrong_drops_messages.rs" => Some("sends every message that it takes from the source, in order");
    _08_wrong_renews_the_patience "wrong_renews_the_patience.rs" => Some("gives up a call that is not answered within its patience");
    _08_wrong_copies_the_status "wrong_copies_the_status.rs" => Some("returns the server's status, before and after the answer");
    _08_wrong_zero_is_no_limit "wrong_zero_is_no_limit.rs" => Some("gives up a call that is not answered within its patience");
    _08_wrong_tells_a_deadline "wrong_tells_a_deadline.rs" => Some("does not give up a call that has been answered");
}

graded! { backpressure: "09_backpressure",
    "../lessons/09_backpressure", "../../lessons/09_backpressure/subject.rs",
    "../../solutions/09_backpressure", needs [];
    _09_starter "starter.rs" => Some("every chunk arrives, in order, and then the end");
    _09_solution "solution.rs" => None;
    _09_wrong_no_bound "wrong_no_bound.rs" => Some("makes at most 30 chunks for a client that reads nothing");
    _09_wrong_drops "wrong_drops.rs" => Some("every chunk arrives, in order, and then the end");
    _09_wrong_sleeps "wrong_sleeps.rs" => Some("makes at most 30 chunks more than a slow client has read");
    _09_wrong_side "wrong_side.rs" => Some("makes at most 30 chunks for a client that reads nothing");
    _09_wrong_channel_only "wrong_channel_only.rs" => Some("makes at most 30 chunks for a client that reads nothing");
    _09_wrong_gives_up "wrong_gives_up.rs" => Some("keeps the rest of the file for a client that reads on after a day");
    _09_wrong_lingers "wrong_lingers.rs" => Some("makes no more chunks after the client has disconnected");
    _09_wrong_panic_is_end "wrong_panic_is_end.rs" => Some("ends with an error when the file panics");
    _09_wrong_all_ready "wrong_all_ready.rs" => Some("makes at most 30 chunks for a client that reads nothing");
    _09_wrong_small_connection "wrong_small_connection.rs" => Some("a client that does not read does not stop another one that does");
    _09_wrong_error_overtakes "wrong_error_overtakes.rs" => Some("ends with an error when the file panics");
}

graded! { both_sides_sending: "10_both_sides_sending",
    "../lessons/10_both_sides_sending", "../../lessons/10_both_sides_sending/subject.rs",
    "../../solutions/10_both_sides_sending", needs [];
    _10_starter "starter.rs" => Some("shows a reply to every message, in order");
    _10_solution "solution.rs" => None;
    _10_wrong_sends_all_first "wrong_sends_all_first.rs" => Some("exchanges more messages than the windows hold");
    _10_wrong_wider "wrong_wider.rs" => Some("holds at most 300 messages, however slow `show` is");
    _10_wrong_no_bound "wrong_no_bound.rs" => Some("holds at most 300 messages, however slow `show` is");
    _10_wrong_in_turns "wrong_in_turns.rs" => Some("works with a server that reads many messages before it answers one");
    _10_wrong_spawns "wrong_spawns.rs" => Some("shows a reply to every message, in order");
    _10_wrong_drops_next "wrong_drops_next.rs" => Some("shows a reply to every message, in order");
    _10_wrong_all_is_sent "wrong_all_is_sent.rs" => Some("returns DataLoss when the server ends before it has answered everything");
    _10_wrong_leaves_early "wrong_leaves_early.rs" => Some("returns the status of a call that fails, even if `next` is still waiting");
    _10_wrong_does_not_count "wrong_does_not_count.rs" => Some("returns DataLoss when the server ends before it has answered everything");
    _10_wrong_waits_for_next "wrong_waits_for_next.rs" => Some("returns the status of a call that fails, even if `next` is still waiting");
    _10_wrong_counts_so_far "wrong_counts_so_far.rs" => Some("returns DataLoss when the server ends and `next` has more to come");
    _10_wrong_copies_the_status "wrong_copies_the_status.rs" => Some("returns the status of a call that fails, even if `next` is still waiting");
    _10_wrong_silence_is_the_end "wrong_silence_is_the_end.rs" => Some("shows a reply to every message, in order");
    _10_wrong_shows_in_the_loop "wrong_shows_in_the_loop.rs" => Some("sends a message as soon as `next` returns it, even if `show` takes an hour");
    _10_wrong_drops_an_empty_call "wrong_drops_an_empty_call.rs" => Some("returns the status of a call that is refused");
}

graded! { frozen_neighbour: "11_frozen_neighbour",
    "../lessons/11_frozen_neighbour", "../../lessons/11_frozen_neighbour/subject.rs",
    "../../solutions/11_frozen_neighbour", needs [network];
    _11_starter "starter.rs" => Some("greets and downloads");
    _11_solution "solution.rs" => None;
    _11_wrong_one_channel "wrong_one_channel.rs" => Some("greets at once beside unread downloads");
    _11_wrong_longer_timeout "wrong_longer_timeout.rs" => Some("greets at once beside unread downloads");
    _11_wrong_clones "wrong_clones.rs" => Some("greets at once beside unread downloads");
    _11_wrong_pool "wrong_pool.rs" => Some("continues every download of a program that opens and drops many");
    _11_wrong_never_gives_back "wrong_never_gives_back.rs" => Some("continues every download of a program that opens and drops many");
    _11_wrong_two_channels "wrong_two_channels.rs" => Some("continues a download that is read, beside 19 unread ones");
    _11_wrong_one_at_a_time "wrong_one_at_a_time.rs" => Some("greets and downloads at once while another call waits for the server");
    _11_wrong_strips_the_status "wrong_strips_the_status.rs" => Some("returns the status of a call that fails");
    _11_wrong_keeps_connections "wrong_keeps_connections.rs" => Some("closes what it opened, when the downloads and the client are dropped");
    _11_wrong_huge_windows "wrong_huge_windows.rs" => Some("reads nothing ahead: at most 4 MiB of a file are under way");
    _11_wrong_timeout "wrong_timeout.rs" => Some("returns the status of a call that fails");
    _11_wrong_falls_back "wrong_falls_back.rs" => Some("returns Unavailable for a download for which no connection can be made");
    _11_wrong_detached_call "wrong_detached_call.rs" => Some("closes what it opened for a download that is given up before it begins");
    _11_wrong_limits_greetings "wrong_limits_greetings.rs" => Some("greets and downloads at once while another call waits for the server");
}

graded! { cancel_by_drop: "12_cancel_by_drop",
    "../lessons/12_cancel_by_drop", "../../lessons/12_cancel_by_drop/subject.rs",
    "../../solutions/12_cancel_by_drop", needs [exchange];
    _12_starter "starter.rs" => Some("streams every price as it is made, and ends when the exchange closes");
    _12_solution "solution.rs" => None;
    _12_wrong_ignores_sends "wrong_ignores_sends.rs" => Some("stops as soon as a client disconnects between two prices");
    _12_wrong_only_on_send "wrong_only_on_send.rs" => Some("stops as soon as a client disconnects an hour before the next price");
    _12_wrong_looks_now_and_then "wrong_looks_now_and_then.rs" => Some("stops as soon as a client disconnects between two prices");
    _12_wrong_opens_in_the_task "wrong_opens_in_the_task.rs" => Some("stops as soon as a client drops the call before it is answered");
    _12_wrong_one_more_price "wrong_one_more_price.rs" => Some("stops as soon as a client disconnects between two prices");
    _12_wrong_pauses "wrong_pauses.rs" => Some("stops as soon as a client disconnects between two prices");
    _12_wrong_quiet_is_closed "wrong_quiet_is_closed.rs" => Some("waits for a price for as long as it takes");
    _12_wrong_one_at_a_time "wrong_one_at_a_time.rs" => Some("streams to two clients at the same time");
    _12_wrong_forgets_the_end "wrong_forgets_the_end.rs" => Some("streams every price as it is made, and ends when the exchange closes");
    _12_wrong_lingers "wrong_lingers.rs" => Some("loses no price when the exchange closes and the client does not read");
}

graded! { leaked_tasks: "13_leaked_tasks",
    "../lessons/13_leaked_tasks", "../../lessons/13_leaked_tasks/subject.rs",
    "../../solutions/13_leaked_tasks", needs [room];
    _13_starter "starter.rs" => Some("members receive what is published in the room, at once and in order");
    _13_solution "solution.rs" => None;
    _13_wrong_detaches "wrong_detaches.rs" => Some("leaves nothing behind when the client disconnects in a silent room");
    _13_wrong_ends_at_half_close "wrong_ends_at_half_close.rs" => Some("a member that half-closes still receives, and leaves nothing behind");
    _13_wrong_in_turns "wrong_in_turns.rs" => Some("a member that does not read can still publish, and its queue stays short");
    _13_wrong_ends_one_task "wrong_ends_one_task.rs" => Some("leaves nothing behind when the client disconnects in a silent room");
    _13_wrong_holds_a_sender "wrong_holds_a_sender.rs" => Some("ends with OK when the room closes, and leaves nothing behind");
    _13_wrong_task_a_message "wrong_task_a_message.rs" => Some("leaves nothing behind when a client that does not read disconnects");
    _13_wrong_stays_in_a_closed_room "wrong_stays_in_a_closed_room.rs" => Some("leaves a room that closes, also if the client does not read, and delivers what is queued");
    _13_wrong_loses_the_rest "wrong_loses_the_rest.rs" => Some("leaves a room that closes, also if the client does not read, and delivers what is queued");
    _13_wrong_hides_the_gap "wrong_hides_the_gap.rs" => Some("tells a member that it has fallen behind, with the room's error");
    _13_wrong_skips_the_empty "wrong_skips_the_empty.rs" => Some("members receive what is published in the room, at once and in order");
    _13_wrong_silent_is_half_closed "wrong_silent_is_half_closed.rs" => Some("waits for the client and for the room for as long as it takes");
    _13_wrong_swallows_the_error "wrong_swallows_the_error.rs" => Some("ends with the error of the client's stream, and leaves nothing behind");
    _13_wrong_counts_the_minute "wrong_counts_the_minute.rs" => Some("puts no member out because it has not read for long");
}

graded! { one_context: "14_one_context_for_the_call",
    "../lessons/14_one_context_for_the_call", "../../lessons/14_one_context_for_the_call/subject.rs",
    "../../solutions/14_one_context_for_the_call", needs [];
    _14_starter "starter.rs" => Some("sends what the source yields, and returns every reply and the end");
    _14_solution "solution.rs" => None;
    _14_wrong_cancelled_is_the_end "wrong_cancelled_is_the_end.rs" => Some("returns the status of a call that fails");
    _14_wrong_drops_the_response "wrong_drops_the_response.rs" => Some("is cancelled as soon as it is dropped");
    _14_wrong_half_closes "wrong_half_closes.rs" => Some("is cancelled as soon as it is dropped");
    _14_wrong_handle_too_late "wrong_handle_too_late.rs" => Some("is cancelled when the future of `open` is dropped");
    _14_wrong_joins_all "wrong_joins_all.rs" => Some("the first failure ends the others at once");
    _14_wrong_detaches "wrong_detaches.rs" => Some("dropping the group ends all its members");
    _14_wrong_one_failure "wrong_one_failure.rs" => Some("returns every failure of the same instant, and a panic as Internal");
    _14_wrong_forgets_panics "wrong_forgets_panics.rs" => Some("returns every failure of the same instant, and a panic as Internal");
    _14_wrong_spawns_in_drop "wrong_spawns_in_drop.rs" => Some("is cancelled when it is dropped on a thread without a runtime");
    _14_wrong_waits_with_a_reply "wrong_waits_with_a_reply.rs" => Some("loses no reply when the future of `next` is dropped");
    _14_wrong_no_bound "wrong_no_bound.rs" => Some("holds at most 100 messages that the server has no room for");
    _14_wrong_does_not_join "wrong_does_not_join.rs" => Some("has no member alive when it returns, on whatever thread the member runs");
}

graded! { deadlines: "15_deadlines",
    "../lessons/15_deadlines", "../../lessons/15_deadlines/subject.rs",
    "../../solutions/15_deadlines", needs [];
    _15_starter "starter.rs" => Some("shows every value of a stream that keeps both limits");
    _15_solution "solution.rs" => None;
    _15_wrong_set_timeout "wrong_set_timeout.rs" => Some("ends with DeadlineExceeded after the total, even if messages keep coming");
    _15_wrong_renews_the_total "wrong_renews_the_total.rs" => Some("ends with DeadlineExceeded after the total, even if messages keep coming");
    _15_wrong_cancelled "wrong_cancelled.rs" => Some("ends with DeadlineExceeded after the total, even if messages keep coming");
    _15_wrong_chance "wrong_chance.rs" => Some("both limits also hold while the call is unanswered");
    _15_wrong_by_its_words "wrong_by_its_words.rs" => Some("returns the server's own status unchanged if it comes in time");
    _15_wrong_every_cancelled "wrong_every_cancelled.rs" => Some("returns the server's own status unchanged if it comes in time");
    _15_wrong_reads_on "wrong_reads_on.rs" => Some("lets the server stop as soon as the time is up");
    _15_wrong_does_not_tell "wrong_does_not_tell.rs" => Some("tells the server how much time it has");
    _15_wrong_message_first "wrong_message_first.rs" => Some("ends with DeadlineExceeded after the total, even if the next value is already there");
    _15_wrong_shows_at_the_end "wrong_shows_at_the_end.rs" => Some("shows every value of a stream that keeps both limits");
    _15_wrong_detaches "wrong_detaches.rs" => Some("lets the server stop as soon as its future is dropped");
    _15_wrong_overflows "wrong_overflows.rs" => Some("waits for hours if both limits allow it");
}

graded! { fan_out: "16_fan_out",
    "../lessons/16_fan_out", "../../lessons/16_fan_out/subject.rs",
    "../../solutions/16_fan_out", needs [];
    _16_starter "starter.rs" => Some("gives every trade to every subscriber that keeps up, in order");
    _16_solution "solution.rs" => None;
    _16_wrong_ends_at_the_gap "wrong_ends_at_the_gap.rs" => Some("gives DataLoss in place of the first missing trade, and says how many are missing");
    _16_wrong_ignores_the_gap "wrong_ignores_the_gap.rs" => Some("gives DataLoss in place of the first missing trade, and says how many are missing");
    _16_wrong_gap_behind_the_data "wrong_gap_behind_the_data.rs" => Some("gives DataLoss in place of the first missing trade, and says how many are missing");
    _16_wrong_counts_too_many "wrong_counts_too_many.rs" => Some("gives DataLoss in place of the first missing trade, and says how many are missing");
    _16_wrong_keeps_everything "wrong_keeps_everything.rs" => Some("gives DataLoss in place of the first missing trade, and says how many are missing");
    _16_wrong_awaits_each "wrong_awaits_each.rs" => Some("delays neither the producer nor another subscriber for one that does not read");
    _16_wrong_never_unsubscribes "wrong_never_unsubscribes.rs" => Some("forgets a subscriber as soon as it disconnects");
    _16_wrong_detached_task "wrong_detached_task.rs" => Some("forgets a subscriber as soon as it disconnects");
    _16_wrong_end_before_the_gap "wrong_end_before_the_gap.rs" => Some("gives DataLoss, and not the end, to a subscriber that is behind when the hub is dropped");
    _16_wrong_lost_at_the_drop "wrong_lost_at_the_drop.rs" => Some("gives a stream that waits what was published just before the hub was dropped");
    _16_wrong_first_symbol_first "wrong_first_symbol_first.rs" => Some("gives each symbol its turn, if all of them change between two reads");
    _16_wrong_newest_of_all "wrong_newest_of_all.rs" => Some("gives a slow subscriber the newest price of each symbol, and no older one");
    _16_wrong_from_the_oldest "wrong_from_the_oldest.rs" => Some("begins with the first trade after the subscription");
    _16_wrong_wakes_one "wrong_wakes_one.rs" => Some("gives every trade to every subscriber that keeps up, in order");
    _16_wrong_rounds_up "wrong_rounds_up.rs" => Some("keeps exactly as many trades as it was told to");
    _16_wrong_newest_by_timestamp "wrong_newest_by_timestamp.rs" => Some("takes the price that was published last for the newest, whatever is in it");
    _16_wrong_price_in_a_queue "wrong_price_in_a_queue.rs" => Some("gives the newest price to a subscriber that reads a second after it was replaced");
    _16_wrong_takes_all_at_once "wrong_takes_all_at_once.rs" => Some("gives the newest price of a symbol, also if it came after another symbol was read");
    _16_wrong_keeps_the_waker "wrong_keeps_the_waker.rs" => Some("keeps no waker of a stream that was dropped while it waited");
    _16_wrong_count_ends_with_the_data "wrong_count_ends_with_the_data.rs" => Some("counts a stream for as long as it is held, even when it has ended");
}

graded! { silence: "17_silence",
    "../lessons/17_silence", "../../lessons/17_silence/subject.rs",
    "../../solutions/17_silence", needs [];
    _17_starter "starter.rs" => Some("returns every price, and the end");
    _17_solution "solution.rs" => None;
    _17_wrong_subscribes_after_the_answer "wrong_subscribes_after_the_answer.rs" => Some("returns every price, and the end");
    _17_wrong_own_status "wrong_own_status.rs" => Some("returns the status of a call that fails, as the server sent it");
    _17_wrong_heartbeats_as_data "wrong_heartbeats_as_data.rs" => Some("keeps heartbeats from the reader");
    _17_wrong_one_timeout "wrong_one_timeout.rs" => Some("waits for a quiet server for as long as it is alive");
    _17_wrong_heartbeats_do_not_reset "wrong_heartbeats_do_not_reset.rs" => Some("waits for a quiet server for as long as it is alive");
    _17_wrong_data_do_not_reset "wrong_data_do_not_reset.rs" => Some("waits for a server that sends prices, and so no heartbeats");
    _17_wrong_dead_is_the_end "wrong_dead_is_the_end.rs" => Some("notices within 30 s that the server is gone");
    _17_wrong_waits_for_the_answer "wrong_waits_for_the_answer.rs" => Some("notices within 30 s that the server is gone");
    _17_wrong_limit_in_next "wrong_limit_in_next.rs" => Some("notices it, too, when its reader drops the future of `next` again and again");
    _17_wrong_limit_first "wrong_limit_first.rs" => Some("returns what has arrived to a reader that was away for two minutes");
    _17_wrong_too_slow "wrong_too_slow.rs" => Some("waits for a reader that is 2,000 prices behind");
    _17_wrong_task_outlives "wrong_task_outlives.rs" => Some("leaves nothing behind when it is dropped");
    _17_wrong_drops_the_response "wrong_drops_the_response.rs" => Some("leaves nothing behind when it is dropped");
    _17_wrong_sends_none "wrong_sends_none.rs" => Some("is never silent for more than 30 s, whether its reader reads or not");
    _17_wrong_heartbeats_in_next "wrong_heartbeats_in_next.rs" => Some("is never silent for more than 30 s, whether its reader reads or not");
    _17_wrong_after_the_answer "wrong_after_the_answer.rs" => Some("is never silent for more than 30 s, whether its reader reads or not");
    _17_wrong_ping_a_second "wrong_ping_a_second.rs" => Some("sends no more than one heartbeat in 20 s");
    _17_wrong_answers_each "wrong_answers_each.rs" => Some("sends no more than one heartbeat in 20 s");
    _17_wrong_catches_up "wrong_catches_up.rs" => Some("does not make up for heartbeats that it could not send");
}

graded! { resume: "18_resume",
    "../lessons/18_resume", "../../lessons/18_resume/subject.rs",
    "../../solutions/18_resume", needs [backoff, follow, inbox, jitter, retry];
    _18_starter "starter.rs" => Some("hands over every event behind the position, and returns Ok at the end");
    _18_solution "solution.rs" => None;
    _18_right_with_follower "right_with_follower.rs" => None;
    _18_wrong_from_start "wrong_from_start.rs" => Some("goes on from behind the last event, whatever has ended the call");
    _18_wrong_from_last "wrong_from_last.rs" => Some("goes on from behind the last event, whatever has ended the call");
    _18_wrong_trusts_the_server "wrong_trusts_the_server.rs" => Some("skips what the server repeats");
    _18_wrong_skips_a_gap "wrong_skips_a_gap.rs" => Some("returns DataLoss when the server leaves an event out");
    _18_wrong_retries_everything "wrong_retries_everything.rs" => Some("returns a status that no retry can change, at once");
    _18_wrong_only_unavailable "wrong_only_unavailable.rs" => Some("goes on from behind the last event, whatever has ended the call");
    _18_wrong_no_backoff "wrong_no_backoff.rs" => Some("waits longer before each retry, up to 1.6 s, and not for as long as other clients do");
    _18_wrong_no_jitter "wrong_no_jitter.rs" => Some("waits longer before each retry, up to 1.6 s, and not for as long as other clients do");
    _18_wrong_notes_first "wrong_notes_first.rs" => Some("loses no event when its future is dropped while it hands one over");
    _18_wrong_notes_every_fifth "wrong_notes_every_fifth.rs" => Some("loses no event when its future is dropped while it hands one over");
    _18_wrong_never_refills "wrong_never_refills.rs" => Some("has ten retries again after each new event");
    _18_wrong_never_resets_the_wait "wrong_never_resets_the_wait.rs" => Some("waits at most 100 ms again after a new event");
    _18_wrong_an_answer_is_progress "wrong_an_answer_is_progress.rs" => Some("gives up after ten retries that brought nothing new, with the last status");
    _18_wrong_limits_the_call "wrong_limits_the_call.rs" => Some("waits for an event for as long as a minute, and keeps its call");
    _18_wrong_no_idle_limit "wrong_no_idle_limit.rs" => Some("replaces a call that is silent for a minute, and leaves no old one open");
    _18_wrong_leaves_the_old_call "wrong_leaves_the_old_call.rs" => Some("replaces a call that is silent for a minute, and leaves no old one open");
    _18_wrong_two_at_once "wrong_two_at_once.rs" => Some("replaces a call that is silent for a minute, and leaves no old one open");
    _18_wrong_waits_for_an_answer "wrong_waits_for_an_answer.rs" => Some("replaces a call that is silent for a minute, and leaves no old one open");
    _18_wrong_silence_is_final "wrong_silence_is_final.rs" => Some("replaces a call that is silent for a minute, and leaves no old one open");
    _18_wrong_half_jitter "wrong_half_jitter.rs" => Some("waits longer before each retry, up to 1.6 s, and not for as long as other clients do");
    _18_wrong_an_answer_resets_the_wait "wrong_an_answer_resets_the_wait.rs" => Some("waits longer before each retry, up to 1.6 s, and not for as long as other clients do");
    _18_wrong_a_repeat_is_progress "wrong_a_repeat_is_progress.rs" => Some("gives up after ten retries that brought nothing new, with the last status");
    _18_wrong_a_repeat_is_silence "wrong_a_repeat_is_silence.rs" => Some("takes a repeat for a sign of life, and keeps its call");
    _18_wrong_forgets_aborted "wrong_forgets_aborted.rs" => Some("goes on from behind the last event, whatever has ended the call");
    _18_wrong_copies_the_last_status "wrong_copies_the_last_status.rs" => Some("gives up after ten retries that brought nothing new, with the last status");
    _18_wrong_notes_with_the_next "wrong_notes_with_the_next.rs" => Some("notes an event as soon as it has been handed over");
    _18_wrong_taking_is_silence "wrong_taking_is_silence.rs" => Some("waits for an event for as long as a minute, and keeps its call");
}

graded! { shutdown: "19_shutdown",
    "../lessons/19_shutdown", "../../lessons/19_shutdown/subject.rs",
    "../../solutions/19_shutdown", needs [];
    _19_starter "starter.rs" => Some("serves until the signal comes");
    _19_solution "solution.rs" => None;
    _19_wrong_at_once "wrong_at_once.rs" => Some("finishes the calls that it has accepted");
    _19_wrong_no_deadline "wrong_no_deadline.rs" => Some("returns within 5 s of the signal, whatever its clients do");
    _19_wrong_does_not_tell "wrong_does_not_tell.rs" => Some("ends every response stream with Unavailable, within a second of the signal");
    _19_wrong_accepts_meanwhile "wrong_accepts_meanwhile.rs" => Some("accepts nothing new after the signal");
    _19_wrong_ok "wrong_ok.rs" => Some("ends every response stream with Unavailable, within a second of the signal");
    _19_wrong_always_waits "wrong_always_waits.rs" => Some("returns within a second of the end of the last call");
    _19_wrong_prices_first "wrong_prices_first.rs" => Some("ends every response stream with Unavailable, within a second of the signal");
    _19_wrong_counts_from_the_start "wrong_counts_from_the_start.rs" => Some("serves until the signal comes");
    _19_wrong_for_streams_only "wrong_for_streams_only.rs" => Some("finishes the calls that it has accepted");
    _19_wrong_task_per_stream "wrong_task_per_stream.rs" => Some("forgets a subscriber that disconnects before the signal");
    _19_wrong_leaves_a_task "wrong_leaves_a_task.rs" => Some("returns within a second of the end of the last call");
    _19_wrong_an_end_is_an_error "wrong_an_end_is_an_error.rs" => Some("brings the handler's prices and the handler's end until the signal comes");
    _19_wrong_status_in_a_full_queue "wrong_status_in_a_full_queue.rs" => Some("ends every response stream with Unavailable, within a second of the signal");
}

graded! { limits: "20_limits",
    "../lessons/20_limits", "../../lessons/20_limits/subject.rs",
    "../../solutions/20_limits", needs [feed, market];
    _20_starter "starter.rs" => Some("admits as many streams as there is room for, and refuses the next one at once");
    _20_solution "solution.rs" => None;
    _20_wrong_permit_in_the_handler "wrong_permit_in_the_handler.rs" => Some("admits as many streams as there is room for, and refuses the next one at once");
    _20_wrong_only_at_the_end "wrong_only_at_the_end.rs" => Some("gives the place back in the instant in which a stream is over, however it ends");
    _20_wrong_lease "wrong_lease.rs" => Some("counts a stream for as long as it is open, also if it is silent for hours");
    _20_wrong_waits_for_a_place "wrong_waits_for_a_place.rs" => Some("admits as many streams as there is room for, and refuses the next one at once");
    _20_wrong_hangs "wrong_hangs.rs" => Some("admits as many streams as there is room for, and refuses the next one at once");
    _20_wrong_by_connection "wrong_by_connection.rs" => Some("refuses a client that has as many streams as it may, over however many connections");
    _20_wrong_map_that_grows "wrong_map_that_grows.rs" => Some("keeps nothing of a client without a stream");
    _20_wrong_remembers_the_refused "wrong_remembers_the_refused.rs" => Some("keeps nothing of a client without a stream");
    _20_wrong_counts_afterwards "wrong_counts_afterwards.rs" => Some("admits no more when all come at once");
    _20_wrong_asks_first "wrong_asks_first.rs" => Some("admits as many streams as there is room for, and refuses the next one at once");
    _20_wrong_no_retry_info "wrong_no_retry_info.rs" => Some("tells a refused client with RetryInfo when it may try again");
    _20_wrong_guard_too_late "wrong_guard_too_late.rs" => Some("gives the place back in the instant in which a stream is over, however it ends");
    _20_wrong_loses_the_total "wrong_loses_the_total.rs" => Some("refuses a client that has as many streams as it may, over however many connections");
    _20_wrong_starves_greetings "wrong_starves_greetings.rs" => Some("answers a greeting at once, however many streams are open, refused or waiting");
    _20_wrong_sheds_greetings "wrong_sheds_greetings.rs" => Some("answers a greeting at once, however many streams are open, refused or waiting");
    _20_wrong_nameless "wrong_nameless.rs" => Some("ends a call without a client-id with InvalidArgument, and takes no place for it");
    _20_wrong_task_that_waits "wrong_task_that_waits.rs" => Some("gives the place back in the instant in which a stream is over, however it ends");
    _20_wrong_asks_under_the_lock "wrong_asks_under_the_lock.rs" => Some("gives the place back in the instant in which a stream is over, however it ends");
    _20_wrong_task_owns_the_place "wrong_task_owns_the_place.rs" => Some("keeps the places of a client that does not read, though the feed has no more");
}

graded! { what_it_costs: "21_what_it_costs",
    "../lessons/21_what_it_costs", "../../lessons/21_what_it_costs/subject.rs",
    "../../solutions/21_what_it_costs", needs [];
    _21_starter "starter.rs" => Some("sends every point once and in order, and loses none at the end");
    _21_solution "solution.rs" => None;
    _21_wrong_adds_first "wrong_adds_first.rs" => Some("sends a full batch at once, and never more than 100 points or 64 KiB");
    _21_wrong_clock_that_ticks "wrong_clock_that_ticks.rs" => Some("does nothing while there is nothing to send");
    _21_wrong_counts_points_alone "wrong_counts_points_alone.rs" => Some("sends a full batch at once, and never more than 100 points or 64 KiB");
    _21_wrong_drops_on_time "wrong_drops_on_time.rs" => Some("sends every point once and in order, and loses none at the end");
    _21_wrong_empty_batches "wrong_empty_batches.rs" => Some("sends no batch without a point");
    _21_wrong_late_timer "wrong_late_timer.rs" => Some("sends a batch that is not full when its first point has waited 20 ms");
    _21_wrong_loses_the_last "wrong_loses_the_last.rs" => Some("sends every point once and in order, and loses none at the end");
    _21_wrong_loses_what_does_not_fit "wrong_loses_what_does_not_fit.rs" => Some("sends every point once and in order, and loses none at the end");
    _21_wrong_no_batches "wrong_no_batches.rs" => Some("puts the points that come within 20 ms into one batch");
    _21_wrong_no_timer "wrong_no_timer.rs" => Some("sends a batch that is not full when its first point has waited 20 ms");
    _21_wrong_one_too_many "wrong_one_too_many.rs" => Some("sends a full batch at once, and never more than 100 points or 64 KiB");
    _21_wrong_task_that_lingers "wrong_task_that_lingers.rs" => Some("keeps nothing when it is dropped, neither the points nor a task");
    _21_wrong_task_that_outlives "wrong_task_that_outlives.rs" => Some("returns what the server answers as soon as it comes, and keeps nothing");
    _21_wrong_timer_restarts "wrong_timer_restarts.rs" => Some("sends a batch that is not full when its first point has waited 20 ms");
    _21_wrong_waits_at_the_end "wrong_waits_at_the_end.rs" => Some("sends every point once and in order, and loses none at the end");
    _21_wrong_waits_for_the_points "wrong_waits_for_the_points.rs" => Some("returns what the server answers as soon as it comes, and keeps nothing");
    _21_wrong_without_a_bound "wrong_without_a_bound.rs" => Some("takes no more than a few points while the server does not read");
}

graded! { file_transfer: "22_file_transfer",
    "../lessons/22_file_transfer", "../../lessons/22_file_transfer/subject.rs",
    "../../solutions/22_file_transfer", needs [source];
    _22_starter "starter.rs" => Some("uploads a file, and ends with its size and its digest");
    _22_solution "solution.rs" => None;
    _22_right_with_a_task "right_with_a_task.rs" => None;
    _22_right_with_a_stream "right_with_a_stream.rs" => None;
    _22_wrong_trusts_its_own_count "wrong_trusts_its_own_count.rs" => Some("goes on where the server says, with the digest of the whole file");
    _22_wrong_starts_at_0 "wrong_starts_at_0.rs" => Some("goes on where the server says, with the digest of the whole file");
    _22_wrong_trusts_an_older_answer "wrong_trusts_an_older_answer.rs" => Some("calls again after a call that did not store the file, and begins where the server says then");
    _22_wrong_holds_the_file "wrong_holds_the_file.rs" => Some("holds little in memory when the server does not read");
    _22_wrong_digest_of_the_rest "wrong_digest_of_the_rest.rs" => Some("goes on where the server says, with the digest of the whole file");
    _22_wrong_100_when_sent "wrong_100_when_sent.rs" => Some("reports 100 % once, when the server has stored the file");
    _22_wrong_ends_when_sent "wrong_ends_when_sent.rs" => Some("returns when the server has stored the file, and not before");
    _22_wrong_only_unavailable "wrong_only_unavailable.rs" => Some("calls again after a call that did not store the file, and begins where the server says then");
    _22_wrong_retries_everything "wrong_retries_everything.rs" => Some("returns any other status at once, as it came");
    _22_wrong_no_pause "wrong_no_pause.rs" => Some("calls again a second later, and not at once");
    _22_wrong_never_resets "wrong_never_resets.rs" => Some("has five calls again when the server holds more than ever");
    _22_wrong_an_answer_is_progress "wrong_an_answer_is_progress.rs" => Some("gives up after five calls in a row that brought nothing, with the last status");
    _22_wrong_reports_what_it_sent "wrong_reports_what_it_sent.rs" => Some("reports what the server says it holds");
    _22_wrong_small_pieces "wrong_small_pieces.rs" => Some("sends pieces of 64 KiB to 1 MiB");
    _22_wrong_read_error_as_end "wrong_read_error_as_end.rs" => Some("ends with FailedPrecondition when the file cannot be read");
    _22_wrong_ignores_a_change "wrong_ignores_a_change.rs" => Some("does not end a file that was written to meanwhile");
    _22_wrong_end_of_call_is_success "wrong_end_of_call_is_success.rs" => Some("calls again after a call that did not store the file, and begins where the server says then");
    _22_wrong_refuses_what_is_too_much "wrong_refuses_what_is_too_much.rs" => Some("lets the server compare when it holds more than the file has");
    _22_wrong_detached_tasks "wrong_detached_tasks.rs" => Some("leaves nothing behind when it is dropped");
    _22_wrong_compares_within_a_call "wrong_compares_within_a_call.rs" => Some("gives up after five calls in a row that brought nothing, with the last status");
    _22_wrong_aligns_its_pieces "wrong_aligns_its_pieces.rs" => Some("sends pieces of 64 KiB to 1 MiB");
    _22_wrong_one_version_for_the_upload "wrong_one_version_for_the_upload.rs" => Some("sends a file that was written to between two calls as it is then");
    _22_wrong_reads_after_the_drop "wrong_reads_after_the_drop.rs" => Some("reads no further when it is dropped");
    _22_wrong_silent_behind_the_end "wrong_silent_behind_the_end.rs" => Some("reports what the server says it holds");
    _22_wrong_waits_for_the_end_of_the_call "wrong_waits_for_the_end_of_the_call.rs" => Some("returns when the server has stored the file, and not before");
}

graded! { do_it_yourself: "24_do_it_yourself",
    "../lessons/24_do_it_yourself", "../../lessons/24_do_it_yourself/subject.rs",
    "../../solutions/24_do_it_yourself", needs [frame, sizes];
    _24_starter "starter.rs" => Some("sends as many bytes as its window has, and then as many as credit adds");
    _24_solution "solution.rs" => None;
    _24_right_counters "right_counters.rs" => None;
    _24_right_byte_by_byte "right_byte_by_byte.rs" => None;
    _24_right_half_a_window "right_half_a_window.rs" => None;
    _24_wrong_credit_for_frames "wrong_credit_for_frames.rs" => Some("sends as many bytes as its window has, and then as many as credit adds");
    _24_wrong_all_in_one_frame "wrong_all_in_one_frame.rs" => Some("sends as many bytes as its window has, and then as many as credit adds");
    _24_wrong_frame_as_large_as_the_window "wrong_frame_as_large_as_the_window.rs" => Some("sends frames of 1 to 16,384 bytes");
    _24_wrong_no_credit_for_the_end "wrong_no_credit_for_the_end.rs" => Some("ends a call that has no credit left");
    _24_wrong_place_before_credit "wrong_place_before_credit.rs" => Some("holds no place in the queue while it waits for credit");
    _24_wrong_lost_at_a_drop "wrong_lost_at_a_drop.rs" => Some("loses no credit with a write that is dropped while it waits");
    _24_wrong_waits_for_a_whole_frame "wrong_waits_for_a_whole_frame.rs" => Some("sends as many bytes as its window has, and then as many as credit adds");
    _24_wrong_on_receipt "wrong_on_receipt.rs" => Some("gives credit back for what was read, and for nothing else");
    _24_wrong_trusts_the_peer "wrong_trusts_the_peer.rs" => Some("refuses what goes beyond the window, and what costs no credit");
    _24_wrong_end_overtakes "wrong_end_overtakes.rs" => Some("returns what came before the end, and then None");
    _24_wrong_lost_with_a_read "wrong_lost_with_a_read.rs" => Some("loses neither bytes nor credit with a read that is dropped while it waits");
    _24_wrong_large_pieces "wrong_large_pieces.rs" => Some("gives credit back for what was read, and for nothing else");
    _24_wrong_sends_no_bytes "wrong_sends_no_bytes.rs" => Some("sends nothing for a write of no bytes");
    _24_wrong_credit_overflows "wrong_credit_overflows.rs" => Some("goes on when its peer gives more credit than fits into 32 bits");
    _24_wrong_waits_for_ever "wrong_waits_for_ever.rs" => Some("fails when the connection is over, and does not wait");
    _24_wrong_counts_what_waits "wrong_counts_what_waits.rs" => Some("counts what was read until its credit has been sent");
    _24_wrong_ends_without_credit "wrong_ends_without_credit.rs" => Some("returns what has arrived, though the connection is over");
}

graded! { chat_room: "23_chat_room",
    "../lessons/23_chat_room", "../../lessons/23_chat_room/subject.rs",
    "../../solutions/23_chat_room", needs [];
    _23_starter "starter.rs" => Some("gives every member every message, its own included");
    _23_solution "solution.rs" => None;
    _23_right_with_broadcast "right_with_broadcast.rs" => None;
    _23_right_with_queues "right_with_queues.rs" => None;
    _23_wrong_misses_the_seam "wrong_misses_the_seam.rs" => Some("gives each message once to a member that joins while others talk");
    _23_wrong_repeats_the_seam "wrong_repeats_the_seam.rs" => Some("gives each message once to a member that joins while others talk");
    _23_wrong_after_included "wrong_after_included.rs" => Some("gives each message once to a member that joins while others talk");
    _23_wrong_never_gone "wrong_never_gone.rs" => Some("tells within a second who has come and who has gone, and not of oneself");
    _23_wrong_leaver_blocks "wrong_leaver_blocks.rs" => Some("goes on when a member has left");
    _23_wrong_lock_across_await "wrong_lock_across_await.rs" => Some("makes no member wait for one that does not read");
    _23_wrong_sleeps_through "wrong_sleeps_through.rs" => Some("gives every member every message, its own included");
    _23_wrong_silent_gap "wrong_silent_gap.rs" => Some("ends a member that is too far behind with OutOfRange, and gives it no message behind a gap");
    _23_wrong_cuts_off_what_was_said "wrong_cuts_off_what_was_said.rs" => Some("ends the stream of a member that has left behind what was said until then");
    _23_wrong_expired_stay "wrong_expired_stay.rs" => Some("ends a stay with Unauthenticated when its token expires, whether it reads or not");
    _23_wrong_expires_when_read "wrong_expires_when_read.rs" => Some("ends a stay with Unauthenticated when its token expires, whether it reads or not");
    _23_wrong_timer_of_the_first_token "wrong_timer_of_the_first_token.rs" => Some("lets a member stay whose token is renewed in time, until the newer one expires");
    _23_wrong_renews_the_dead "wrong_renews_the_dead.rs" => Some("does not renew a stay that has ended");
    _23_wrong_removes_the_newer_stay "wrong_removes_the_newer_stay.rs" => Some("ends the older stay of a name with Aborted, and tells the others nothing");
    _23_wrong_every_second_in_a_task "wrong_every_second_in_a_task.rs" => Some("leaves nothing behind");
    _23_wrong_keeps_the_later_token "wrong_keeps_the_later_token.rs" => Some("ends a stay when its newest token expires, though an older one was valid for longer");
    _23_wrong_refused_join_ends_the_older "wrong_refused_join_ends_the_older.rs" => Some("answers OutOfRange to a position that is not kept, or not said yet");
    _23_wrong_expiry_is_a_leave "wrong_expiry_is_a_leave.rs" => Some("ends a stay with Unauthenticated when its token expires, whether it reads or not");
    _23_wrong_here_when_read "wrong_here_when_read.rs" => Some("gives every member every message, its own included");
}

graded! { browser: "25_browser",
    "../lessons/25_browser", "../../lessons/25_browser/subject.rs",
    "../../solutions/25_browser", needs [event, frame];
    _25_starter "starter.rs" => Some("gives each message once and in order, wherever the bytes are cut");
    _25_solution "solution.rs" => None;
    _25_right_chars "right_chars.rs" => None;
    _25_right_whole_body "right_whole_body.rs" => None;
    _25_wrong_chunk_is_a_message "wrong_chunk_is_a_message.rs" => Some("gives each message once and in order, wherever the bytes are cut");
    _25_wrong_head_in_one_chunk "wrong_head_in_one_chunk.rs" => Some("gives each message once and in order, wherever the bytes are cut");
    _25_wrong_one_frame_a_chunk "wrong_one_frame_a_chunk.rs" => Some("gives each message once and in order, wherever the bytes are cut");
    _25_wrong_waits_for_the_end "wrong_waits_for_the_end.rs" => Some("gives a message with its last byte, and does not wait for the end");
    _25_wrong_trailers_are_data "wrong_trailers_are_data.rs" => Some("takes the status from the trailer frame, and gives no message for it");
    _25_wrong_message_as_it_is "wrong_message_as_it_is.rs" => Some("takes the status from the trailer frame, and gives no message for it");
    _25_wrong_last_colon "wrong_last_colon.rs" => Some("takes the status from the trailer frame, and gives no message for it");
    _25_wrong_end_of_body_is_ok "wrong_end_of_body_is_ok.rs" => Some("ends with Unknown when the body ends without a status");
    _25_wrong_ignores_the_headers "wrong_ignores_the_headers.rs" => Some("takes the status of a call that is refused at once from the headers");
    _25_wrong_base64_by_chunk "wrong_base64_by_chunk.rs" => Some("decodes base64, wherever it is cut and padded");
    _25_wrong_padding_ends_it "wrong_padding_ends_it.rs" => Some("decodes base64, wherever it is cut and padded");
    _25_wrong_trusts_the_length "wrong_trusts_the_length.rs" => Some("refuses a frame that is longer than it allows, as soon as its length is there");
    _25_wrong_any_flag "wrong_any_flag.rs" => Some("refuses what is no gRPC-Web with Internal");
    _25_wrong_reads_on "wrong_reads_on.rs" => Some("gives nothing after the end");
    _25_wrong_loses_what_came_before "wrong_loses_what_came_before.rs" => Some("gives the messages that came before what it refuses, though in one chunk");
    _25_wrong_bare_status "wrong_bare_status.rs" => Some("keeps the details and the metadata of the status");
    _25_wrong_goes_on_after_its_own_end "wrong_goes_on_after_its_own_end.rs" => Some("gives nothing after the end");
    _25_wrong_two_content_types "wrong_two_content_types.rs" => Some("decodes base64, wherever it is cut and padded");
}

graded! { many_servers: "26_many_servers",
    "../lessons/26_many_servers", "../../lessons/26_many_servers/subject.rs",
    "../../solutions/26_many_servers", needs [inbox];
    _26_starter "starter.rs" => Some("hands over every message behind the position, and returns Ok at the end");
    _26_solution "solution.rs" => None;
    _26_right_as_a_stream "right_as_a_stream.rs" => None;
    _26_right_with_a_counter "right_with_a_counter.rs" => None;
    _26_wrong_counts_itself "wrong_counts_itself.rs" => Some("asks each server for what is behind the last message, by the broker's number");
    _26_wrong_position_per_server "wrong_position_per_server.rs" => Some("asks each server for what is behind the last message, by the broker's number");
    _26_wrong_from_last "wrong_from_last.rs" => Some("asks each server for what is behind the last message, by the broker's number");
    _26_wrong_from_now_on "wrong_from_now_on.rs" => Some("loses nothing that is said while it moves, or while it comes");
    _26_wrong_history_then_listen "wrong_history_then_listen.rs" => Some("loses nothing that is said while it moves, or while it comes");
    _26_wrong_notes_first "wrong_notes_first.rs" => Some("loses no message when its future is dropped while it hands one over");
    _26_wrong_only_unavailable "wrong_only_unavailable.rs" => Some("goes on at the next server, whatever has ended the call");
    _26_wrong_stays "wrong_stays.rs" => Some("goes on at the next server, whatever has ended the call");
    _26_wrong_waits_before_each_move "wrong_waits_before_each_move.rs" => Some("waits for 100 ms to 2 s when all servers have failed, and never gives up");
    _26_wrong_two_servers "wrong_two_servers.rs" => Some("finds the only server that is up");
    _26_wrong_trusts_the_server "wrong_trusts_the_server.rs" => Some("skips what a server repeats");
    _26_wrong_ignores_out_of_range "wrong_ignores_out_of_range.rs" => Some("returns OutOfRange at once, because messages are gone for every server");
    _26_wrong_moves_on_everything "wrong_moves_on_everything.rs" => Some("returns a status that no other server can change, at once");
    _26_wrong_no_pause "wrong_no_pause.rs" => Some("waits for 100 ms to 2 s when all servers have failed, and never gives up");
    _26_wrong_gives_up "wrong_gives_up.rs" => Some("waits for 100 ms to 2 s when all servers have failed, and never gives up");
    _26_wrong_leaves_a_task "wrong_leaves_a_task.rs" => Some("has one open call at a time, and leaves nothing behind when it is dropped");
    _26_wrong_ok_is_a_failure "wrong_ok_is_a_failure.rs" => Some("hands over every message behind the position, and returns Ok at the end");
    _26_wrong_counts_all_failures "wrong_counts_all_failures.rs" => Some("counts only servers that have failed without a new message");
    _26_wrong_gives_up_at_last "wrong_gives_up_at_last.rs" => Some("waits for 100 ms to 2 s when all servers have failed, and never gives up");
    _26_wrong_impatient_with_the_inbox "wrong_impatient_with_the_inbox.rs" => Some("waits for an inbox that takes a minute for each message");
    _26_wrong_long_pause "wrong_long_pause.rs" => Some("waits for 100 ms to 2 s when all servers have failed, and never gives up");
    _26_wrong_repeats_reset "wrong_repeats_reset.rs" => Some("counts only servers that have failed without a new message");
    _26_wrong_notes_late "wrong_notes_late.rs" => Some("has one open call at a time, and leaves nothing behind when it is dropped");
    _26_wrong_looks_once_a_second "wrong_looks_once_a_second.rs" => Some("has one open call at a time, and leaves nothing behind when it is dropped");
}

graded! { test_your_own: "27_test_your_own",
    "../lessons/27_test_your_own", "../../lessons/27_test_your_own/subject.rs",
    "../../solutions/27_test_your_own", needs [deadline, faulty_calls, faulty_list, faulty_more, promise, servers, service, sound, station];
    _27_starter "starter.rs" => Some("passes for a server that keeps all promises");
    _27_solution "solution.rs" => None;
    _27_right_by_what_was_made "right_by_what_was_made.rs" => None;
    _27_right_by_the_wire "right_by_the_wire.rs" => None;
    _27_wrong_sleeps_on_the_real_clock "wrong_sleeps_on_the_real_clock.rs" => Some("passes for a server that keeps all promises");
    _27_wrong_first_message_only "wrong_first_message_only.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_asserts_nothing_after_the_drop "wrong_asserts_nothing_after_the_drop.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_looks_at_the_call_only "wrong_looks_at_the_call_only.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_counts_before_the_connection "wrong_counts_before_the_connection.rs" => Some("passes for a server that keeps all promises");
    _27_wrong_counts_after_the_connection "wrong_counts_after_the_connection.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_looks_at_once "wrong_looks_at_once.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_fails_under_a_cut "wrong_fails_under_a_cut.rs" => Some("passes for a server that keeps all promises");
    _27_wrong_whole_uploads_only "wrong_whole_uploads_only.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_exact_text "wrong_exact_text.rs" => Some("passes for a server that keeps all promises");
    _27_wrong_panics "wrong_panics.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_default_windows "wrong_default_windows.rs" => Some("passes for a server that keeps all promises");
    _27_wrong_generous_limit "wrong_generous_limit.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_impatient "wrong_impatient.rs" => Some("passes for a server that keeps all promises");
    _27_wrong_half_closes_first "wrong_half_closes_first.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_own_timeout "wrong_own_timeout.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_small_points "wrong_small_points.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_drops_instead_of_vanishing "wrong_drops_instead_of_vanishing.rs" => Some("fails for the server that breaks the promise");
    _27_wrong_one_test_for_all "wrong_one_test_for_all.rs" => Some("passes for the servers that break another promise");
    _27_wrong_ten_points_at_most "wrong_ten_points_at_most.rs" => Some("passes for a server that needs nearly all that a promise allows");
    _27_wrong_looks_early "wrong_looks_early.rs" => Some("passes for a server that needs nearly all that a promise allows");
    _27_wrong_short_minute "wrong_short_minute.rs" => Some("passes for a server that needs nearly all that a promise allows");
    _27_wrong_any_end_at_the_deadline "wrong_any_end_at_the_deadline.rs" => Some("fails for a server that breaks the promise in another way");
    _27_wrong_any_code "wrong_any_code.rs" => Some("fails for a server that breaks the promise in another way");
    _27_wrong_nothing_stored_is_well "wrong_nothing_stored_is_well.rs" => Some("fails for a server that breaks the promise in another way");
    _27_wrong_a_minute_for_a_second "wrong_a_minute_for_a_second.rs" => Some("fails for a server that breaks the promise in another way");
}

fn answers() -> Vec<Answer> {
    [
        unary(),
        server_streaming(),
        client_streaming(),
        bidi_streaming(),
        three_ends(),
        eof_is_not_commit(),
        errors_are_final(),
        call_that_never_returns(),
        backpressure(),
        both_sides_sending(),
        frozen_neighbour(),
        cancel_by_drop(),
        leaked_tasks(),
        one_context(),
        deadlines(),
        fan_out(),
        silence(),
        resume(),
        shutdown(),
        limits(),
        what_it_costs(),
        file_transfer(),
        do_it_yourself(),
        chat_room(),
        browser(),
        many_servers(),
        test_your_own(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().collect();
    if let [_, flag, stem, name] = words.as_slice()
        && flag == GRADE
    {
        return grade_here(stem, name);
    }
    let mut trials: Vec<Trial> = answers()
        .into_iter()
        .map(|answer| {
            let name = format!("{}::{}", answer.stem, answer.name());
            Trial::test(name, move || is_graded_as_promised(&answer))
        })
        .collect();
    trials.push(Trial::test(
        "every_file_in_solutions_is_graded",
        every_file_is_graded,
    ));
    trials.push(Trial::test(
        "every_lesson_has_three_wrong_answers",
        three_wrong_answers,
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
