@NullMarked
package dev.belay.settings;

import org.jspecify.annotations.NullMarked;
