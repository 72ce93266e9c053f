/** Tests of the scripted provider. */
@org.jspecify.annotations.NullMarked
package dev.belay.testkit.llm;
