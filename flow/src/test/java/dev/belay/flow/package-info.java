@NullMarked
package dev.belay.flow;

import org.jspecify.annotations.NullMarked;
