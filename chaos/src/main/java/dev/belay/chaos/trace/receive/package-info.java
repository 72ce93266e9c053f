/** Takes the spans that services send, and tells when all of a request's are there. */
@NullMarked
package dev.belay.chaos.trace.receive;

import org.jspecify.annotations.NullMarked;
