@NullMarked
package dev.belay.flow.parity;

import org.jspecify.annotations.NullMarked;
