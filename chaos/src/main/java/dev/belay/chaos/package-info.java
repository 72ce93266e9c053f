/**
 * Finding the faults that break a system: what a fault is, what a plan of faults is, and what is
 * seen of the system while one is in force.
 */
@NullMarked
package dev.belay.chaos;

import org.jspecify.annotations.NullMarked;
