@NullMarked
package dev.belay.flow.journal;

import org.jspecify.annotations.NullMarked;
