/**
 * Waits that fit the failure: what an error means, how long to wait for which kind of it, gates
 * that callers share, a gradual rollout with a way back, and reports.
 */
@NullMarked
package dev.belay.llm.delay;

import org.jspecify.annotations.NullMarked;
