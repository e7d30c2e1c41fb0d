// Package collisions defines an analyzer that finds names that would collide when package-level variables become fields of containers.
package collisions
