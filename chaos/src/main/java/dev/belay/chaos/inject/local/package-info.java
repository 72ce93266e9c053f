/**
 * Faults within one process, without a port between: a filter for servers and a client for calls,
 * which decide as fault proxies do.
 */
@NullMarked
package dev.belay.chaos.inject.local;

import org.jspecify.annotations.NullMarked;
