import assert from 'node:assert/strict';
import { judge } from '../../src/at/guard';
import { pack, toSeptets } from '../../src/at/sms/alphabet';

const refused = (command: string) => {
  const verdict = judge(command);
  assert.ok(!verdict.allowed, `${JSON.stringify(command)} was let through`);
  assert.ok(verdict.reason.length > 10);
};

const allowed = (command: string) => assert.deepEqual(judge(command), { allowed: true }, command);

describe('guard', () => {
  it('refuses every way to the codes of the SIM, and what makes the stick mute', () => {
    for (const command of [
      'AT+CPIN2="1234"',
      'AT+CPIN?=1234',
      'AT+CPIN=?1234',
      'AT+CSIM=26,"0020000108313233343FFFFFFF"',
      'ATD**04*1111*2222*2222#;',
      'atd **042*1111*2222*2222#',
      'ATD*,*04*1111*2222*2222#;',
      'ATD*T*04*1111*2222*2222#;',
      'ATDP*!*@05*-12345678#;',
      'AT+CMUX=0',
      'AT^DATAMODE',
      'ATD**05*12345678*1111*1111#;',
      'ATD**052*12345678*1111*1111#',
      'ATD*33*0000#;',
      'atd #351*0000*11#;',
      'ATD**3,33*0000#',
      'ATD+*33*0000#;',
      'AT+CUSD=1,"*33*0000#",15',
      'AT+CUSD=1,"#351*0000*11#"',
      'at+cusd=,"**03*330*1*2*2#",15',
      'ATQ1',
      'ATE0Q1',
    ]) {
      refused(command);
    }
    for (const command of [
      'AT+CPIN?',
      'AT+CPIN=?',
      'ATQ0',
      'ATQ',
      'ATD*100#;',
      'ATD*#33#;',
      'ATD*100*33*5#;',
      'ATD*334*1#;',
      'AT+CUSD=1,"*334*1#",15',
      'AT+CUSD=1,"*100*33*5#",15',
      'AT+CUSD=2',
      'ATD+49170123456;',
    ])
      allowed(command);
  });

  it('refuses a code in hex as in plain text, whatever coding the command names', () => {
    const forms: Record<string, (code: string) => string> = {
      octets: (code) => Buffer.from(code, 'latin1').toString('hex'),
      ucs2: (code) => Buffer.from(code, 'utf16le').swap16().toString('hex'),
      septets: (code) => pack(toSeptets(code) ?? []).toString('hex'),
    };
    for (const code of ['**04*1111*2222*2222#', '**05*12345678*1111*1111#', '*33*0000#', '#351*0000*11#']) {
      for (const [name, form] of Object.entries(forms)) {
        const hex = form(code);
        for (const text of [hex, hex.toUpperCase()]) {
          for (const command of [
            `AT+CUSD=1,"${text}",15`,
            `AT+CUSD=1,"${text}",68`,
            `AT+CUSD=1,"${text}",72`,
            `AT+CUSD=1,"${text}"`,
            `AT+CUSD=1,${text},15`,
            `at+cusd = 1 , "${text}" , 0`,
            `AT+CSQ;+CUSD=1,"${text}",15;+CSQ`,
            // One quote: nobody knows where the text ends.
            `AT+CUSD=1,"${text},15`,
          ]) {
            assert.ok(!judge(command).allowed, `${name}: ${command}`);
          }
        }
      }
    }
    // Everyday codes in the same forms, and what only looks like hex.
    for (const code of ['*100#', '*334*1#', '1', '12', 'AB']) {
      for (const form of Object.values(forms)) allowed(`AT+CUSD=1,"${form(code)}",15`);
    }
    for (const text of ['1234', 'AA180C3602', 'ABC', '']) allowed(`AT+CUSD=1,"${text}",15`);
  });

  it('T38, T39, T40: refuses what locks out, destroys data or uses up tries', () => {
    for (const command of [
      'AT^SETPORT="FF;10,12"',
      'AT^U2DIAG=0',
      'AT^U2DIAG=119',
      'AT^INFORBU',
      'AT^NVRESTORE',
      'AT^NVBACKUP',
      'AT^NVWR=33,1,0',
      'AT^NVWREX=33,0,1,0',
      'AT^NVRSTSTTS',
      'AT^PHYNUM=IMEI,123456789012345',
      'AT^SIMLOCK=1',
      'AT^CARDLOCK="12345678"',
      'AT^DATALOCK="1234"',
      'AT^TMODE=1',
      'AT^TMODE=0',
      'AT^SFM=1',
      'AT^GODLOAD',
      'AT+CPIN="1234"',
      'AT^CPIN="1234"',
      'AT+CPWD="SC","1234","5678"',
      'AT+CLCK="SC",0,"1234"',
    ]) {
      refused(command);
    }
  });

  it('lets questions and everyday commands through', () => {
    for (const command of [
      'AT',
      'ATI',
      'ATE0V1',
      'ATZ',
      'AT^SETPORT?',
      'AT^SETPORT=?',
      'AT ^ CARDLOCK?',
      'AT^U2DIAG?',
      'AT^PHYNUM?',
      'AT+CPIN?',
      'AT^CPIN?',
      'AT+CLCK=?',
      'AT^SFM?',
      'AT^TMODE=?',
      'AT^RESET',
      'AT+CFUN?',
      'AT+CFUN=?',
      'AT+CFUN',
      'AT^NVRD=33',
      'AT^SIMST',
      'AT+CSQ;+CREG?;^HCSQ?',
      'AT^SYSCFGEX="030201",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF,,',
      'ATD+4915112345;',
      'ATS0=3',
      // Inside quotes it is text, however it looks.
      'AT+CPBW=1,"555",129,"a;^GODLOAD"',
      'AT^SETPORTX=1',
    ]) {
      allowed(command);
    }
  });

  it('judges +CFUN by its value, however it is written', () => {
    for (const value of [
      '5',
      '6',
      '7',
      '06',
      ' 6',
      '6,1',
      '"6"',
      '6 ,0',
      '0007',
      '6;',
      '0x6',
      '5.0',
      '+6',
      '6a',
      'x',
    ]) {
      refused(`AT+CFUN=${value}`);
    }
    for (const value of ['0', '1', '4', '1,1', '01', '8', '16', '']) allowed(`AT+CFUN=${value}`);
  });

  it('can not be passed by', () => {
    for (const command of [
      'at^godload',
      'At^GoDlOaD',
      '  AT^GODLOAD',
      'AT ^GODLOAD',
      'AT^ G O D LOAD',
      'AT\t^GODLOAD',
      'AT\u00a0^GODLOAD',
      'AT;^GODLOAD',
      'AT;;^GODLOAD',
      'ATAT^GODLOAD',
      'AT;AT^GODLOAD',
      'ATE0^GODLOAD',
      'ATE0V1^SFM=1',
      'AT&F^SFM=1',
      'ATS0=1^GODLOAD',
      'ATI;E0^GODLOAD;I',
      'AT+CSQ;^GODLOAD',
      'AT+CSQ;  ^godload ; +CSQ',
      'AT+CSQ^GODLOAD',
      'AT^SFM =1',
      'AT^SFM= 1',
      'AT^SFM=1;^SFM?',
      'AT^SFM?;^SFM=1',
      'AT^SFM? ^SFM=1',
      'AT+COPS=0,"a";^GODLOAD;+COPS=0,"b"',
      // Nobody knows what a stick takes for quoted here.
      'AT+CSQ";^GODLOAD',
      'AT+COPS="a;^GODLOAD',
      '"AT^GODLOAD',
      'AT+X="a"b";^GODLOAD',
      'AT^GODLOAD/',
      'AT^GODLOAD=',
      'AT^GODLOAD!',
      'A/',
      'a/',
      ' A /',
      // A new line end would let quoted text be a command.
      'ATS3=88',
      'ATE0S3=88',
      'AT S 3 = 88',
      'ATS03=88',
      'ATS4=65',
      'ATS5=65',
    ]) {
      refused(command);
    }
  });

  it('finds every guarded command in any mix of case, blanks and neighbours', () => {
    const before = ['', 'E0', ';', '+CSQ;', 'I;', ' ', 'E0 ', '+CREG?;', '+COPS=0,"x;y";'];
    const after = ['', ';', ';+CSQ', ' ', ';E0'];
    for (const name of ['^GODLOAD', '^NVRESTORE', '^SFM=1', '+CPWD="SC","1","2"', '+CFUN=6']) {
      for (const b of before) {
        for (const a of after) for (const at of ['AT', 'at', 'aT']) refused(`${at}${b}${name.toLowerCase()}${a}`);
      }
    }
  });
});
