/** Tests of the scripted servers. */
@org.jspecify.annotations.NullMarked
package dev.belay.testkit;
