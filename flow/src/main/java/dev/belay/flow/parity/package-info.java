/**
 * Two libraries of Go, exactly as they are: the waits of cenkalti/backoff v4.3.0 and the breaker of
 * sony/gobreaker v1.0.0, and the loop that an orchestrator put around both.
 */
@NullMarked
package dev.belay.flow.parity;

import org.jspecify.annotations.NullMarked;
