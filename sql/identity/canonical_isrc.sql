-- identity.canonical_isrc(value) → the 12 characters of an ISRC, or null.
-- ISO 3901 has no check digit; what can be checked is the prefix. Allowed are the countries of ISO 3166-1, those it has
-- withdrawn since (an ISRC never expires), and what the International ISRC Registration Authority allocated besides:
-- BC BK BP BX CB CP DG FX GX KS QM QN QT QZ UK XK ZB ZZ.
-- Example: select identity.canonical_isrc('gb-aye-68-00011')  -- GBAYE6800011
create or replace function identity.canonical_isrc(p_value text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_isrc constant text := identity.compact(p_value);
  v_prefixes constant text :=
    ' AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BC BD BE BF BG BH BI BJ BK BL BM BN BO BP BQ BR BS BT BU'
    ' BV BW BX BY BZ CA CB CC CD CF CG CH CI CK CL CM CN CO CP CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ EC EE EG'
    ' EH ER ES ET FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GX GY HK HM HN HR HT HU ID'
    ' IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KS KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC'
    ' MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG'
    ' PH PK PL PM PN PR PS PT PW PY QA QM QN QT QZ RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SU'
    ' SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ UA UG UK UM US UY UZ VA VC VE VG VI VN VU WF WS XK'
    ' YE YT YU ZA ZB ZM ZR ZW ZZ ';
begin
  return case
    when v_isrc ~ '^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$' and strpos(v_prefixes, ' ' || left(v_isrc, 2)) > 0 then v_isrc
  end;
end
$$;

comment on function identity.canonical_isrc(text) is 'The 12 characters of an ISRC with an allocated prefix, or null.';
