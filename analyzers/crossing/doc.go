// Package crossing defines an analyzer that finds what carries state from one image to another, or loses the image.
package crossing
