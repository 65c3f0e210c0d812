/**
 * The number that messages of this package give as an example, of the range that Germany's regulator keeps for films and
 * books: the redactor leaves it alone.
 */
export const EXAMPLE_NUMBER = '+491713920000';
