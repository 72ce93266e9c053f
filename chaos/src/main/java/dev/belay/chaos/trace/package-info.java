/** What a request did on its way through the services: spans, traces, and what differs in them. */
@NullMarked
package dev.belay.chaos.trace;

import org.jspecify.annotations.NullMarked;
