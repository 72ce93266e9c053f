/** The shop in one process and in virtual time: a trial takes less than a millisecond. */
@NullMarked
package dev.belay.examples.shop.sim;

import org.jspecify.annotations.NullMarked;
