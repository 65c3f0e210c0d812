/** One line of the stick picker, as `GET e3272/sticks` answers. */
export interface Listed {
  stick: string;
  mode: 'storage' | 'hilink' | 'tty' | 'boot' | 'loader' | 'fastboot' | 'unknown';
  product: string;
  vendorId: number;
  productId: number;
  virtual?: true;
}
