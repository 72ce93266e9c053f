/**
 * The page that a viewer of films begins with, put together from many services, each of which it
 * can do without: the shape of a large streaming service's home page as it is known from the
 * literature on fault injection, with flaws planted in it behind flags.
 */
@NullMarked
package dev.belay.examples.home;

import org.jspecify.annotations.NullMarked;
