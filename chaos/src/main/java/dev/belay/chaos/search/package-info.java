/**
 * The search for faults that break a system: what to try next, and what a failure boils down to.
 */
@NullMarked
package dev.belay.chaos.search;

import org.jspecify.annotations.NullMarked;
