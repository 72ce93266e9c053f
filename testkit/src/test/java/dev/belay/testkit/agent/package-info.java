@org.jspecify.annotations.NullMarked
package dev.belay.testkit.agent;
