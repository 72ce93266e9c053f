/** A real system as a target: what it is asked over HTTP, and what is seen of it. */
@NullMarked
package dev.belay.chaos.http;

import org.jspecify.annotations.NullMarked;
