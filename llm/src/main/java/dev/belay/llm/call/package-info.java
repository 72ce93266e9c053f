/** Calls to models that hold: routes, waits, failover, checks and corrections in one. */
@NullMarked
package dev.belay.llm.call;

import org.jspecify.annotations.NullMarked;
