/** Spaces of things to try: dimensions, constraints, points, and how to draw from them. */
@NullMarked
package dev.belay.chaos.space;

import org.jspecify.annotations.NullMarked;
