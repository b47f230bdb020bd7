// The program as a process of the system: descriptors, signals, and its last words.
#pragma once

namespace kaogong::gateway {

/// Makes ready what the commands take for granted; to be called first in main(). Standard descriptors that are closed
/// lead to /dev/null, so that no file of ours takes their numbers and gets our messages. A file beyond a size limit is
/// an error of writing, not a signal. An exception that nobody could catch (threads that cannot begin, no memory within
/// one) ends the program with one line and exit status 1.
void prepare_process();

/// Writes out what standard output still holds. False, with a line on standard error, if any of the output was lost.
bool finish_output();

}  // namespace kaogong::gateway
