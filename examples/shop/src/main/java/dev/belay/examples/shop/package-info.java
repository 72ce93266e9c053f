/**
 * A shop made of small services, with defects planted in it behind flags. The services are written
 * once, against {@link World}; what carries their calls is exchangeable.
 */
@NullMarked
package dev.belay.examples.shop;

import org.jspecify.annotations.NullMarked;
