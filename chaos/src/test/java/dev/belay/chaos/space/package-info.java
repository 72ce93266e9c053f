@NullMarked
package dev.belay.chaos.space;

import org.jspecify.annotations.NullMarked;
