@NullMarked
package dev.belay.flow.run;

import org.jspecify.annotations.NullMarked;
