/** What to try next: a forest that learns from trials, and the proposers that ask it. */
@NullMarked
package dev.belay.chaos.propose;

import org.jspecify.annotations.NullMarked;
