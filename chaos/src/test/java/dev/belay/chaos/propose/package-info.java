@NullMarked
package dev.belay.chaos.propose;

import org.jspecify.annotations.NullMarked;
