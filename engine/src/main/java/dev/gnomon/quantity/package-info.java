/** Times, sizes and rates as experiment files write them. */
package dev.gnomon.quantity;
