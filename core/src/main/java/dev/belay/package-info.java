/** The resilience engine: decides what a call that fails does next. */
@org.jspecify.annotations.NullMarked
package dev.belay;
