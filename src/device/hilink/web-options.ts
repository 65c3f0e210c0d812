/** What a user tells of the web API of the stick. */
export interface WebOptions {
  /** Where it is, where that cannot be found: `http://192.168.8.1`. */
  address?: string;
  /** Of its web page. */
  password?: string;
  /** Of the SIM, entered when it wants one. */
  pin?: string;
}
