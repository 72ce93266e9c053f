/** A published fault executor with its known limits, each of which can be switched off. */
@NullMarked
package dev.belay.testkit.chaos;

import org.jspecify.annotations.NullMarked;
