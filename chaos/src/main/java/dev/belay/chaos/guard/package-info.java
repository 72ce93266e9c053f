/** What keeps an experiment from doing harm: what it may touch, and when it has to stop. */
@NullMarked
package dev.belay.chaos.guard;

import org.jspecify.annotations.NullMarked;
