select count(1), count(*), sum(a), a+b, -a, +a, a/b, a%b, a*2, (a+b)*c, cast(a as int), a::string, try_cast(d as int) from t group by all
select a+b from t
select -a from t
select +a from t
select a/b from t
select a%b from t
select a*2 from t
select (a+b)*c from t
select cast(a as int) from t
select a::string from t
select try_cast(d as int) from t
select a div b from t
select ~a from t
select a&b from t
select a|b from t
select a^b from t
select not h from t
select a=b from t
select a==b from t
select a<>b from t
select a!=b from t
select a<=>b from t
select a<b from t
select h and h from t
select h or h from t
select 1
select 1L
select 1S
select 1Y
select 1.5
select 1e3
select 1.5BD
select 1F
select 1D
select 'x'
select "y"
select true
select null
select date'2024-01-01'
select timestamp'2024-01-01 12:00:00'
select interval 1 day
select interval '1' year
select X'1F'
select -1
select -1.5
select -  1
select .5
select 5.
select 1.50
select r'a\n'
select a is null from t
select a is not null from t
select a between 1 and 2 from t
select a not between 1 and 2 from t
select a in (1,2) from t
select a not in (1,2) from t
select d like 'x%' from t
select d not like 'x' from t
select d like 'x' escape '/' from t
select d rlike 'x' from t
select d ilike 'x' from t
select a is distinct from b from t
select a is not distinct from b from t
select h is true from t
select h is not false from t
select h is unknown from t
select case when a=1 then 'x' else 'y' end from t
select case a when 1 then 'x' when 2 then 'y' end from t
select if(h,1,2) from t
select coalesce(a,b) from t
select nvl(a,b) from t
select nvl2(a,b,1) from t
select ifnull(a,b) from t
select nullif(a,b) from t
select isnull(a) from t
select isnotnull(a) from t
select isnan(c) from t
select nanvl(c,1) from t
select upper(d) from t
select ucase(d) from t
select lower(d) from t
select lcase(d) from t
select length(d) from t
select char_length(d) from t
select character_length(d) from t
select len(d) from t
select trim(d) from t
select ltrim(d) from t
select rtrim(d) from t
select trim('x' from d) from t
select trim(both from d) from t
select trim(leading 'x' from d) from t
select trim(trailing from d) from t
select lpad(d,5) from t
select lpad(d,5,'x') from t
select rpad(d,3) from t
select substring(d,1,2) from t
select substring(d,1) from t
select substr(d,1,2) from t
select substring(d from 1 for 2) from t
select left(d,1) from t
select right(d,1) from t
select concat(d,d) from t
select d||d from t
select concat_ws(',',d,d) from t
select replace(d,'a') from t
select replace(d,'a','b') from t
select reverse(d) from t
select repeat(d,2) from t
select instr(d,'x') from t
select locate('x',d) from t
select locate('x',d,2) from t
select position('x',d) from t
select position('x' in d) from t
select split_part(d,',',1) from t
select initcap(d) from t
select startswith(d,'x') from t
select endswith(d,'x') from t
select contains(d,'x') from t
select regexp_replace(d,'a','b') from t
select regexp_extract(d,'a') from t
select regexp_extract(d,'a',1) from t
select regexp_like(d,'a') from t
select translate(d,'a','b') from t
select ascii(d) from t
select chr(65) from t
select char(65) from t
select md5(d) from t
select sha2(d,256) from t
select sha(d) from t
select sha1(d) from t
select hex(a) from t
select hex(d) from t
select unhex(d) from t
select crc32(d) from t
select base64(l) from t
select unbase64(d) from t
select space(2) from t
select levenshtein(d,d) from t
select substring_index(d,'.',1) from t
select year(f) from t
select quarter(f) from t
select month(f) from t
select day(f) from t
select dayofmonth(f) from t
select dayofweek(f) from t
select weekday(f) from t
select dayofyear(f) from t
select weekofyear(f) from t
select hour(g) from t
select minute(g) from t
select second(g) from t
select date_add(f,1) from t
select dateadd(f,1) from t
select date_sub(f,1) from t
select datediff(f,f) from t
select date_diff(f,f) from t
select add_months(f,1) from t
select months_between(f,f) from t
select last_day(f) from t
select next_day(f,'MO') from t
select trunc(f,'MM') from t
select date_trunc('MONTH',g) from t
select to_date(d) from t
select to_date(d,'yyyy') from t
select to_timestamp(d) from t
select to_timestamp(d,'yyyy') from t
select date_format(g,'yyyy') from t
select unix_timestamp() from t
select unix_timestamp(g) from t
select unix_timestamp(d,'yyyy') from t
select from_unixtime(1) from t
select from_unixtime(1,'yyyy') from t
select timestamp_seconds(1) from t
select timestamp_millis(1) from t
select current_date() from t
select current_date from t
select current_timestamp() from t
select now() from t
select make_date(1,2,3) from t
select unix_date(f) from t
select date_from_unix_date(1) from t
select extract(year from f) from t
select extract(second from g) from t
select timestampdiff(day,g,g) from t
select timestampadd(day,1,g) from t
select datediff(day,f,f) from t
select dateadd(day,1,f) from t
select dayname(f) from t
select monthname(f) from t
select curdate() from t
select unix_seconds(g) from t
select unix_micros(g) from t
select unix_millis(g) from t
select date_part('year', f) from t
select to_unix_timestamp(d) from t
select abs(a) from t
select ceil(c) from t
select ceiling(c) from t
select floor(e) from t
select round(c) from t
select round(e,1) from t
select bround(c,1) from t
select sqrt(a) from t
select pow(a,2) from t
select power(a,2) from t
select exp(a) from t
select ln(a) from t
select log(a) from t
select log(2,a) from t
select log10(a) from t
select log2(a) from t
select log1p(a) from t
select sign(a) from t
select signum(a) from t
select mod(a,b) from t
select pmod(a,b) from t
select greatest(a,b) from t
select least(a,c) from t
select cbrt(a) from t
select expm1(a) from t
select sin(a) from t
select pi() from t
select e() from t
select degrees(a) from t
select round(a) from t
select round(a,-1) from t
select ceil(a) from t
select ceil(e,1) from t
select floor(c,1) from t
select positive(a) from t
select negative(a) from t
select atan2(a,b) from t
select round(e) from t
select floor(m) from t
select round(m, 2) from t
select round(b,1) from t
select round(i,-1) from t
select int(d) from t
select bigint(d) from t
select double(d) from t
select string(a) from t
select date(d) from t
select timestamp(d) from t
select boolean(d) from t
select float(d) from t
select smallint(d) from t
select tinyint(d) from t
select decimal(d) from t
select binary(d) from t
select sum(a) from t
select sum(b) from t
select sum(c) from t
select sum(d) from t
select sum(e) from t
select sum(m) from t
select sum(i) from t
select sum(k) from t
select avg(a) from t
select avg(e) from t
select avg(m) from t
select avg(d) from t
select mean(a) from t
select min(a) from t
select max(d) from t
select min_by(a,b) from t
select max_by(a,b) from t
select first(a) from t
select first(a,true) from t
select last(a) from t
select any_value(a) from t
select stddev(a) from t
select std(a) from t
select stddev_samp(a) from t
select stddev_pop(a) from t
select variance(a) from t
select var_samp(a) from t
select var_pop(a) from t
select count_if(h) from t
select bool_and(h) from t
select bool_or(h) from t
select every(h) from t
select some(h) from t
select any(h) from t
select approx_count_distinct(a) from t
select count(distinct a) from t
select count(distinct a, b) from t
select sum(distinct a) from t
select count(a,b) from t
select first_value(a) from t
select last_value(a) from t
select sum(a) filter (where b>1) from t
select median(a) from t
select corr(a,b) from t
select covar_pop(a,b) from t
select mode(a) from t
select count(t.a) from t
select count(t.*) from t
select first(a) ignore nulls from t
select row_number() over (order by a)
select rank() over (order by a)
select dense_rank() over (partition by b order by a desc)
select percent_rank() over (order by a)
select cume_dist() over (order by a)
select ntile(4) over (order by a)
select lag(a) over (order by a)
select lag(a,2) over (order by a)
select lead(a,1,0) over (order by a)
select first_value(a) over (order by b)
select last_value(a) ignore nulls over (order by b)
select nth_value(a,2) over (order by b)
select sum(a) over ()
select sum(a) over (partition by b order by c rows between 1 preceding and current row)
select sum(a) over (order by b range between 1 preceding and 2 following)
select count(*) over w
select avg(a) over (order by b nulls last, c desc) from t window w as (partition by a)
select id+1 from v
select id+v from v
select id/2 from v
select -id from v
select coalesce(null,id) from v
select nullif(id,1) from v
select id in (1,null) from v
select id = 1 from v
select name like 'x' from v
select name||'x' from v
select upper(name) from v
select substring(name,1,2) from v
select if(id=1,id,null) from v
select case when id=1 then 1 end from v
select cast(name as int) from v
select cast(id as string) from v
select cast(id as bigint) from v
select cast(v as int) from v
select cast(v as decimal(10,2)) from v
select sqrt(v) from v
select ln(v) from v
select log10(v) from v
select pow(v,2) from v
select id%2 from v
select pmod(id,2) from v
select round(v) from v
select round(v,1) from v
select abs(id) from v
select ceil(v) from v
select greatest(id,2) from v
select id div 2 from v
select isnan(v) from v
select date_add(current_date(),id) from v
select year(current_date()) from v
select to_date(name) from v
select regexp_extract(name,'x') from v
select split_part(name,',',1) from v
select concat(name,'a') from v
select concat_ws(',',name) from v
select lpad(name,3) from v
select replace(name,'a','b') from v
select length(name) from v
select sha2(name,256) from v
select md5(name) from v
select hex(id) from v
select hex(name) from v
select chr(id) from v
select initcap(name) from v
select instr(name,'a') from v
select locate('a',name) from v
select translate(name,'a','b') from v
select ascii(name) from v
select cast(id as decimal(3,1)) from v
select cast(id as decimal(20,1)) from v
select cast(id as boolean) from v
select cast(name as boolean) from v
select cast(name as date) from v
select cast(id as float) from v
select try_cast(id as bigint) from v
select try_cast(name as int) from v
select id*v from v
select id&1 from v
select not (id=1) from v
select id between 1 and 2 from v
select nvl(id,1) from v
select nvl2(id,1,2) from v
select ifnull(name,'x') from v
select sign(v) from v
select exp(v) from v
select log(2,v) from v
select nanvl(v,1) from v
select bround(v,1) from v
select floor(v) from v
select e() from v
select chr(65) from v
select reverse(name) from v
select repeat(name,2) from v
select left(name,1) from v
select right(name,1) from v
select trim(name) from v
select ltrim(name) from v
select startswith(name,'x') from v
select contains(name,'x') from v
select regexp_replace(name,'a','b') from v
select regexp_like(name,'a') from v
select name rlike 'a' from v
select levenshtein(name,'a') from v
select substring_index(name,'.',1) from v
select base64(cast(name as binary)) from v
select unbase64(name) from v
select unhex(name) from v
select crc32(name) from v
select space(id) from v
select ucase(name) from v
select char_length(name) from v
select sum(id) from v
select count(id) from v
select avg(v) from v
select min(id) from v
select max(name) from v
select first(id) from v
select count_if(id=1) from v
select stddev(v) from v
select bool_and(id=1) from v
select any_value(id) from v
select var_pop(v) from v
select min_by(id,v) from v
select id, sum(v) from v group by id
select lag(id) over (order by id) from v
select lag(id,1,0) over (order by id) from v
select sum(id) over () from v
select first_value(id) over (order by id) from v
select max(id) over () from v
select nth_value(id,1) over (order by id) from v
select count(id) over () from v
select avg(id) over (order by id) from v
select date_trunc('MONTH', cast(current_date() as timestamp))
select trunc(current_date(),'MM')
select months_between(current_date(), current_date())
select to_timestamp('2024-01-01')
select date_format(now(),'yyyy')
select from_unixtime(1)
select unix_timestamp(now())
select last_day(current_date())
select next_day(current_date(),'MO')
select add_months(current_date(),1)
select datediff(current_date(),current_date())
select hour(now())
select dayofweek(current_date())
select make_date(2024,1,1)
select timestamp_seconds(1.5)
select extract(second from now())
select timestampdiff(day,now(),now())
select timestampadd(day,1,now())
select date'2024-01-01' + 1
select date'2024-01-01' - 1
select current_date() - current_date()
select now() - now()
select current_date() + interval 1 day
select current_date() + interval 1 month
select current_date() + interval 2 hours
select now() + interval 1 day
select now() - interval '1' month
select 1 + current_date()
select current_date() - interval 1 day
select unix_date(current_date())
select date_from_unix_date(1)
select dayname(current_date())
select timestamp_micros(1)
select unix_micros(now())
select to_date('2024','yyyy')
select date_sub(current_date(),1)
select a.id, b.id from v a left join v b on a.id=b.id
select * from v a full join v b using(id)
select * from v a left join v b using(id)
select * from v a right join v b using(id)
select id, a.id, b.id, a.* from v a join v b using(id)
select * from v a natural join v b
select * from v a left semi join v b on a.id=b.id
select * from v a left anti join v b on a.id=b.id
select a.*, b.name from v a cross join v b
select a from v
select id from v, v w
select v.id from v join v on 1=1
select * from nope
select * from a.b.c.d
select nosuch(1)
select upper(1,2)
select upper()
select id, sum(v) from v
select sum(sum(v)) from v
select id+1 from v group by id
select id+1, id+1+1 from v group by id+1
select id x, count(*) from v group by x
select id, count(*) from v group by 1
select id, count(*) from v group by 3
select id from v order by 2
select id from v order by name
select id from v order by sum(v)
select sum(v) from v order by sum(id)
select id, sum(v) s from v group by id having s > 1 order by s
select id from v where sum(v) > 1
select id from v where id
select id from v where name
select 1 where 'true'
select id from v having id > 1
select count(*) from v having count(*) > 1
select distinct id from v order by name
select id from v union select name from v
select id from v union all select v from v
select id from v union select id, name from v
select 1 union select 'a'
select 1 union select null
select null union all select 1L
select date'2024-01-01' union select timestamp'2024-01-01 00:00:00'
select id from v except select id from v
select id from v intersect all select id from v
(select id from v) union all (select id from v limit 1) order by id limit 5
select id from v limit 1+1
select id from v limit id
select id from v limit 'x'
select id from v limit -1
select id from v limit all offset 2
select (select max(id) from v), exists(select 1 from v), 1 in (select id from v)
select (select id, name from v)
select (select max(b.id) from v b where b.id = a.id) from v a
select * from v where id in (select id, name from v)
select * from v where (id, name) in (select id, name from v)
with c as (select id from v) select * from c
with c(a,b) as (select id,name from v) select * from c
with c(a) as (select id,name from v) select * from c
with c as (select 1 x), d as (select x+1 y from c) select c.x, d.y from c, d
select * from values (1,'a'),(2,'b') as t2(x,y)
select * from values 1, 2
values (1,2),(3,null)
values (1,2),(3)
select * from (values (1,1.5),(2,2)) s
select id a, a+1 from v
select x.id from v x where v.id=1
select v.id from v x
select `id`, `v`.`id` from `v`
select ID, Id from V
select t.* from t where t.a=1
select x.* from t
select * from (select a, a from t)
select a from (select a, a from t)
select a+d from t
select a||d from t
select d+1.5 from t
select d*2 from t
select d/2 from t
select d/d from t
select a=d from t
select e=d from t
select c=d from t
select f=d from t
select g=d from t
select h=d from t
select f=g from t
select d+d from t
select a = h from t
select a=e from t
select e=m from t
select i=j from t
select k=c from t
select a=k from t
select b=k from t
select d='x' from t
select a/d from t
select d%2 from t
select -d from t
select a-d from t
select k+d from t
select e+d from t
select e+e from t
select e-e from t
select e*e from t
select e/e from t
select e%e from t
select m+m from t
select m*m from t
select m/m from t
select e+m from t
select e*m from t
select e/m from t
select a+e from t
select a*e from t
select a/e from t
select i+e from t
select b*e from t
select e/2 from t
select e*2 from t
select e+1 from t
select e+1.5 from t
select e*1.5 from t
select e/1.5 from t
select c+e from t
select k+e from t
select -e from t
select pmod(e,3) from t
select e div 2 from t
select 1.5*2.25 from t
select 1.0/3 from t
select 1/3.0 from t
select 2+1.5 from t
select e%2 from t
select a+f, f+a, f-a, f+b from t
select f+i from t
select f-f from t
select g-g from t
select f-g from t
select g-f from t
select g-n from t
select n-n from t
select case when h then a else b end from t
select case when h then a else c end from t
select case when h then a else d end from t
select case when h then a else e end from t
select case when h then f else g end from t
select case when h then f else d end from t
select case when h then d else null end from t
select case when h then b else e end from t
select case when h then k else a end from t
select case when h then k else b end from t
select case when h then e else m end from t
select case when h then e else c end from t
select case when h then g else n end from t
select case when h then a else h end from t
select case when a then 1 end from t
select coalesce(a,d) from t
select coalesce(e,d) from t
select coalesce(c,d) from t
select coalesce(f,d) from t
select coalesce(h,d) from t
select coalesce(a,e) from t
select coalesce(b,e) from t
select coalesce(k,e) from t
select coalesce(k,a) from t
select greatest(a,e) from t
select least(f,g) from t
select greatest(a,d) from t
select if(h,a,e) from t
select nvl(a,d) from t
select nullif(a,d) from t
select nvl2(a,d,b) from t
select greatest(a) from t
select a in (b,c) from t
select a in ('1') from t
select e in (1) from t
select d in (1) from t
select f in ('2024-01-01') from t
select a in (1.5) from t
select d in (1, 1.5) from t
select a between 1L and 2.5, d between 1 and 2, f between '2024-01-01' and g from t
select a in (h) from t
select sum(h) from t
select avg(f) from t
select max(l) from t
select min(h) from t
select min(f) from t
select sum(null) from t
select max(null) from t
select count(null) from t
select avg(null) from t
select upper(a) from t
select length(a) from t
select length(l) from t
select substring(a,1) from t
select concat(a,b) from t
select concat(a,d) from t
select a||1 from t
select trim(a) from t
select lpad(a,3) from t
select lpad(d,'3') from t
select repeat(d,2L) from t
select left(d,'2') from t
select concat() from t
select concat(a) from t
select concat(l,l) from t
select concat(l,d) from t
select replace(a,1,2) from t
select concat_ws(',',a,b) from t
select instr(d,1) from t
select d like 1 from t
select a like '1' from t
select reverse(a) from t
select md5(a) from t
select sha2(d,'256') from t
select repeat(d,1.5), substring(d,1.5), lpad(d,c) from t
select sqrt(d) from t
select abs(d) from t
select ceil(d) from t
select round(d) from t
select floor(a) from t
select ceil(i) from t
select sign(e) from t
select pow(d,2) from t
select mod(d,2) from t
select exp(e) from t
select round(a,a) from t
select year(d) from t
select year(g) from t
select month('2024-01-01') from t
select hour(d) from t
select hour(f) from t
select date_add(d,1) from t
select date_add(g,1) from t
select date_add(f,i) from t
select datediff(d,d) from t
select datediff(g,f) from t
select last_day(d) from t
select date_trunc('month',f) from t
select date_trunc('month',d) from t
select trunc(g,'MM') from t
select to_date(f) from t
select to_date(g) from t
select to_timestamp(f) from t
select date_format(f,'y') from t
select date_format(d,'y') from t
select unix_timestamp(f) from t
select months_between(g,d) from t
select extract(year from g) from t
select extract(month from d) from t
select extract(day from f) from t
select from_unixtime(a) from t
select make_date(a,a,a) from t
select date_add(f,b) from t
select date_add(f,1.5) from t
select date_add(f,'1') from t
select date_add(f,'x') from t
select from
selec 1
select 1 frm t
select a from t where
select a from t where a =
select a from t where a = 1 1
select (a from t
select a) from t
select a,, b from t
select a, from t
select a from t group a
select a from t order a
select a from t join
select a from t join u on
select 'abc
select `abc
select "abc
select a /* x
select case when a then 1
select case end
select a from t limit
select count(distinct) from t
select a b c from t
select a from t x y z
select a from t where a in ()
select cast(a as) from t
select cast(a as foo) from t
select cast(a int) from t
select a as 'x' from t
select a as "x" from t
select 1;
select 1; select 2
select a not b from t
select a is b from t
select a between 1 from t
select a like from t
select date 'xx'
select timestamp 'xx'
select X'1'
select 99999999999, 9999999999999999999999, 1e400
select 99999999999999999999999999999999999999999
select 128Y
select 1.5e2
select 1e-3BD
select 1E5BD
select 12345.678BD
select @
select a from t #
select 0x1F
select 1a
select 1_000
select $1
select a..b from t
select .a from t
select * * from t
select t.* + 1 from t
select *, a from t
select * except (a) from t
select a from (select 1)
select a from (select 1
select a from t where exists (select 1
with c as select 1
with c as (select 1)
with c (select 1) select 1
select distinct from t
select all a from t limit 1
select a from t union
select a from t intersect select
select a from t natural left join u on t.a=u.a
select a over (order by b) from t
select sum(a) over (order by) from t
select sum(a) over (partition a) from t
select sum(a) over (rows 1) from t
select sum(a) over w from t
select extract(foo from f) from t
select extract(year f) from t
select trim(both x) from t
select interval 1
select interval '1 day'
select interval 1 foo
select interval '1-2' year to month from t
select interval '1 02:03:04' day to second from t
select interval 1 day 2 hours from t
select interval -1 day from t
select interval '1' day from t
select interval '2.5' second from t
select interval 1 week from t
select interval a day from t
select a from t lateral view explode(array(1)) x as y
select * from t pivot (sum(a) for d in ('x'))
select * from t tablesample (10 percent)
select a from t cluster by a
select a from t sort by a
select a from t group by rollup(a)
select a from t group by grouping sets ((a),())
select a from t group by cube(a)
select transform(a) using 'cat' from t
select array(1,2)[0]
select x -> x + 1
select ?
select :a
table t
select * from range(10)
select * from t, lateral (select 1)
select a from t full outer join u using (a)
select * from t left outer join u on t.a = u.a
select * from t inner join u
select * from t semi join u on t.a=u.a
select * from t anti join u on t.a=u.a
select * from (t join u on t.a=u.a)
select * from t as x(p,q)
select current_timestamp, current_user, current_date
select a !in (1) from t
select !h from t
select a from t minus select a from u
select sum(a) filter (where h), count(*) filter (where a>1) from t
select named_struct('a',1).a
select struct(1,2)
select a as (x,y) from t
select all from t
select a limit from t
select date from t
select f as date from t
select f date, a order from t
select a as select, b as from from t
select if(h, a, b) from t
select right(d,2) from t
select exists from t
select year from t
select any from t
select exists (select 1), any(h), some(h) from t
select a like any ('x') from t
select d like all ('x','y') from t
select a = any (select 1) from t
select 'a' 'b', 'it''s', 'a\'b', "a""b", r'\n', 'a\%b', 'a\u0041'
select a collate utf8 from t
select a::int::string, -a::string from t
select a as x, x + 1 as y from t
select not a = 1 or b = 2 and c = 3 from t
select a | b & c ^ a from t
select a << 1 from t
select a >> 1 from t
select a >>> 1 from t
select - - a from t
select -(-a) from t
select + -1 from t
select ~-1 from t
select 1 is null, 1 = 1 is true
select 2 * 3 % 4 div 5
select sum(v) as v from v having v > 1
select id, sum(v) as v from v group by id having v > 1
select id, sum(v) as s from v group by id having max(s) > 1
select id+1 as id, count(*) from v group by id
select -id as id from v order by id
select -id as x from v order by x+id
select id, v as id from v order by id
select a.id from v a join v b on a.id=b.id order by b.v
select id i2 from v order by v.id, i2
select name, count(*) c from v group by all having c > 1 order by c desc, name
select count(*) from v group by id order by id
select upper(name) from v group by name order by name, upper(name)
select id from v group by id order by v
select id from v group by id having v > 1
select max(v) from v group by id having count(*) > (select 1)
select id, rank() over (order by sum(v)) from v group by id
select id, sum(sum(v)) over () from v group by id
select id, row_number() over (order by v) rn from v qualify rn = 1
select id from v qualify row_number() over (order by v) = 1
select id, row_number() over (order by v) rn from v where rn = 1
select * from v where row_number() over (order by v) = 1
select row_number() over () from v
select rank() from v
select row_number() from v
select lag(id) over () from v
select upper(name) over () from v
select sum(id) over (order by id range between 1 preceding and current row), sum(id) over (order by id rows between unbounded preceding and 1 following), sum(id) over (partition by name), count(distinct id) from v group by id, name
select count(distinct id) over () from v
select sum(id) over (order by name range between 1 preceding and current row) from v
select sum(id) over (order by id, name range between 1 preceding and current row) from v
select sum(id) over (range between 1 preceding and current row) from v
select sum(id) over (rows between current row and 1 preceding) from v
select id from v where exists (select 1 from v b where b.id = v.id)
select id from v a where id in (select b.id from v b where b.v > a.v)
select id, (select count(*) from v b where b.id = a.id) from v a
select id, (select b.v from v b where b.id = a.id) from v a
select id, (select b.v from v b where b.id = a.id limit 1) from v a
select * from v a where a.id > (select avg(b.id) from v b where b.name = a.name)
select exists(select 1 from v b where b.id = a.id) from v a
select id in (select id from v) from v
select id not in (select id from v) from v
select (select id from v where id = nope) from v
select a.id from v a, (select b.id from v b where b.id = a.id) c
select 1 from v a where a.id = (select max(id) from v where a.name = name having count(*) > 1)
select x from (select id as x from v) s where s.x > 1
select s.x from (select id as x from v) s group by s.x
select s.y from (select id as x from v) s
select nope.id from v
select `a b` from v
select name as `a b`, `name` from v
select nam from v
select V.NAME from v
select identity from v a join v b using (id)
select * from v a join v b using (nope)
select * from v a join t b using (a)
select a.* except (id) from v a
select * except (nope) from v
select *, * from v
select count(*), * from v
select count(id, name), count(distinct id, name) from v
select sum(*) from v
select count(distinct *) from v
select * from v order by 1, 2 desc
select * from v group by 1
select id, name from v group by 1, 2
select id as x, count(*) from v group by id, x
select 1 as x, count(*) from v group by x
select sum(v) as s from v group by s
select sum(v) from v group by 1
select id from v group by sum(v)
select id from v group by rank() over (order by id)
select id + count(*) from v group by id + 1
select id from v group by id + 1
select id, name from v group by id
select coalesce(id, 0), id from v group by coalesce(id,0)
select case when id > 1 then 'a' else 'b' end k, count(*) from v group by case when id > 1 then 'a' else 'b' end
select date_trunc('month', g), count(*) from t group by date_trunc('month', g)
select a, b from t where a = 1 group by a, b having sum(c) > 1 order by sum(c) limit 3
select distinct name from v order by upper(name)
select distinct name n from v order by n
select distinct id, name from v order by id + 1
select id from v union select id from v order by id
select id from v union select id from v order by name
select id as x from v union all select id as y from v order by y
with c as (select 1 a), c as (select 2 a) select * from c
with v as (select 1 a) select * from v
with c as (select * from d), d as (select 1) select * from c
with c as (with c as (select 1 x) select * from c) select * from c
select * from (with c as (select 1 x) select * from c) z
select * from v limit 0
select * from v limit 1.5
select * from v limit null
select id a, a + 1 b, b + 1 c from v
select sum(id) a, a + 1 b from v
select id a, sum(a) over () from v
select id as name, upper(name) from v
select 1 as x, x as x, x from v
values (1, 'a'), (2.5, null)
values (1), ('a')
values (1), (date'2024-01-01')
values (id)
select * from values (1+1, upper('x')) t(a, b)
select * from values (1) t(a, b)
select covar_samp(a,b) from t
select last_value(a) ignore nulls from t
select first_value(a, true) from t
select any_value(a) ignore nulls from t
select count(distinct a) filter (where h) from t
select avg(distinct a) from t
select first(a) ignore nulls over (order by b) from t
select last(a, true) over (order by b) from t
select first_value(a) ignore nulls over (order by b) from t
select any_value(a) over (order by b) from t
select nth_value(a,2) ignore nulls over (order by b) from t
select lag(a) ignore nulls over (order by b) from t
select lag(a, -1) over (order by b) from t
select lead(a, 2, b) over (order by b) from t
select lead(a,1,1L) over (order by b) from t
select lag(d,1,1) over (order by b) from t
select sum(a) filter (where h) over (order by b), count(a) over (partition by b), max(a) over w, sum(a) over (w) from t window w as (partition by b order by c)
select sum(a) over (order by f range between interval 1 day preceding and current row) from t
select sum(a) over (order by f range between 1 preceding and current row) from t
select sum(a) over (order by c range between 1.5 preceding and current row) from t
select sum(a) over (order by b range 5 preceding) from t
select sum(a) over (order by g range between interval 1 hour preceding and interval 1 hour following) from t
select sum(a) over (order by a rows between 2 preceding and 1 preceding) from t
select date_add(f,d) from t
select substring(d, d) from t
select length(f) from t
select upper(h) from t
select length(e) from t
select concat(h, f) from t
select ln(0) from t
select cos(a) from t
select tan(a) from t
select asin(a) from t
select acos(a) from t
select atan(a) from t
select radians(a) from t
select exp(d) from t
select chr(d) from t
select ascii(a) from t
select hex(c) from t
select hex(e) from t
select hex(l) from t
select initcap(a) from t
select translate(a,1,2) from t
select split_part(d,',','1') from t
select md5(l) from t
select sha2(l,256) from t
select crc32(l) from t
select base64(d) from t
select substring(l,1,2) from t
select left(l,1) from t
select reverse(l) from t
select repeat(l,2) from t
select lpad(l,2) from t
select replace(l,'a','b') from t
select contains(l,l) from t
select startswith(a,1) from t
select concat_ws(',',l) from t
select a like 'x' from t
select d like a from t
select d rlike a from t
select l like 'x' from t
select abs(i) from t
select abs(e) from t
select abs(k) from t
select ceil(k) from t
select ceil(e) from t
select round(k) from t
select round(j) from t
select round(e,5) from t
select round(e,-1) from t
select round(e,-10) from t
select round(i,2) from t
select bround(e,1) from t
select ceil(b) from t
select -i from t
select -k from t
select mod(e,a) from t
select pmod(c,a) from t
select pmod(e,m) from t
select mod(k,a) from t
select a%i from t
select i%j from t
select i+j from t
select i*j from t
select i/j from t
select j+j from t
select k+k from t
select k*a from t
select k/k from t
select i div j from t
select e div m from t
select c%2 from t
select c div 2 from t
select k div 1 from t
select d div 2 from t
select greatest(e,1) from t
select greatest(e,m) from t
select least(1,2.5,a) from t
select greatest(f,'2024-01-01') from t
select least(f,g), coalesce(f,g,n) from t
select nvl(h,'x') from t
select nvl(d,1) from t
select nvl(c,1) from t
select if(h,1,1.5) from t
select if(h,a,'x') from t
select nullif(a,'1') from t
select nullif(d,1) from t
select nullif(e,1) from t
select nvl2(a,1,2.5) from t
select ifnull(f,g) from t
select coalesce(a,null,1.5) from t
select coalesce(null) from t
select nullif(1,null) from t
select isnan(a) from t
select isnan(d) from t
select isnan(e) from t
select nanvl(c,k) from t
select nanvl(k,k) from t
select nanvl(a,b) from t
select isnull(null) from t
select a is true from t
select d is true from t
select not a from t
select not d from t
select h and a from t
select h and d from t
select h or null from t
select not null from t
select null and null from t
select null = null from t
select null + 1 from t
select null || 'x' from t
select -null from t
select null is null from t
select null in (1) from t
select 1 in (null) from t
select abs(null) from t
select upper(null) from t
select coalesce(null, null) from t
select count(a) + 1 from t
select sum(a) / count(*) from t
select sum(a) / 2.0 from t
select round(avg(c), 2) from t
select sum(a * 1.5) from t
select sum(e) / sum(a) from t
select avg(e) * 2 from t
select cast(sum(e) as double) from t
select max(a) - min(a) from t
select year(n) from t
select hour(n) from t
select date_trunc('day', n) from t
select cast(n as date) from t
select n = g from t
select n > f from t
select to_date(n) from t
select date_format(n,'y') from t
select n + interval 1 day from t
select extract(hour from n) from t
select unix_timestamp(n) from t
select extract(quarter from f) from t
select extract(week from f) from t
select extract(dow from f) from t
select extract(doy from f) from t
select extract(hour from g) from t
select extract(minute from g) from t
select extract(dayofweek from f) from t
select extract(yearofweek from f) from t
select extract(epoch from g) from t
select extract(day from d) from t
select extract(YEAR from f) from t
select extract(isodow from f) from t
select extract(dayofweek_iso from f) from t
select to_date(d, d) from t
select to_timestamp(a) from t
select to_timestamp(g) from t
select to_timestamp(f,'y') from t
select to_date(a) from t
select to_date(g, 'yyyy') from t
select to_timestamp(g,'yyyy') from t
select unix_timestamp(f,'x') from t
select unix_timestamp(d) from t
select from_unixtime(d) from t
select from_unixtime(c) from t
select timestamp_seconds(c) from t
select timestamp_seconds(d) from t
select timestamp_millis(a) from t
select date_from_unix_date(a) from t
select make_date(d,a,i) from t
select months_between(f,g,false) from t
select add_months(g,1) from t
select add_months(f,i) from t
select next_day(f,d) from t
select trunc(f,d) from t
select date_trunc(d,g) from t
select last_day(g) from t
select date_sub(d,1) from t
select weekday(d) from t
select timestampdiff(HOUR, f, g) from t
select timestampadd(MONTH, a, f) from t
select timestampadd(DAY, 1, d) from t
select datediff(DAY, d, d) from t
select dateadd(HOUR, 1, g) from t
select date_diff(month, f, f) from t
select timestampadd(DAY, 1, n) from t
select timestampdiff(day, n, n) from t
select date_format(a, 'y') from t
select f + interval 1 year from t
select f - interval 1 month from t
select interval 1 day + f from t
select g + interval '1' hour from t
select f + interval 3 weeks from t
select f + interval '1 day' from t
select f + interval '2 months' from t
select g - interval 90 minutes from t
select f - interval 1 day from t
select g + interval '1 02:00:00' day to second from t
select f + interval 1 hour from t
select n - interval 1 day from t
select interval 1 month + g from t
select g + interval 1 second from t
select 2 * interval 1 day from t
select interval 1 day * 2 from t
select interval 2 days / 2 from t
select - interval 1 day from t
select interval 1 day + interval 2 hours from t
select a * interval 1 day from t
select (f - f) > interval 1 day from t
select g - g > interval 1 hour from t
select cast(f as int) from t
select cast(g as bigint) from t
select cast(g as double) from t
select cast(a as timestamp) from t
select cast(a as boolean) from t
select cast(h as int) from t
select cast(f as timestamp) from t
select cast(g as date) from t
select cast(d as binary) from t
select cast(c as string) from t
select cast(f as string) from t
select cast(h as string) from t
select cast(a as binary) from t
select cast(l as string) from t
select cast(e as int) from t
select cast(h as double) from t
select cast(g as decimal(20,6)) from t
select cast(n as timestamp) from t
select cast(g as timestamp_ntz) from t
select cast(h as timestamp) from t
select cast(c as boolean) from t
select cast(f as boolean) from t
select cast(a as date) from t
select cast(c as binary) from t
select cast(1 as tinyint)
select try_cast(1 as tinyint)
select try_cast(1 as bigint)
select try_cast(1 as decimal(3,1))
select try_cast(1.5 as int)
select cast(1.5 as int)
select cast(300 as tinyint)
select cast(1L as int)
select try_cast(1L as int)
select try_cast(true as string)
select try_cast(1 as string)
select try_cast(current_date() as timestamp)
select try_cast(1e0 as decimal(10,2))
select try_cast(1F as int)
select cast(1F as double)
select try_cast(current_timestamp() as date)
select try_cast(1 as double)
select try_cast(1 as boolean)
select a::decimal(5,1) + 1 from t
select (a+1)::string from t
select cast(a + b as string) || 'x' from t
select cast(a as bigint) + 1 from t
select cast(a as string) = 'x' from t
select 1.0e-5
select 1e10
select 123456789.5D
select 0.1F
select 1e400D
select -0.0D
select 1E-7
select 100D
select 12345678901234567890
select 0.00001
select 1.0
select 10.
select 1e0
select 'x' as a
select concat('a', 'b')
select 'it''s' = 'x'
select date '2024-1-1'
select timestamp '2024-01-01'
select timestamp '2024-01-01 10:00:00.123'
select timestamp_ntz '2024-01-01 00:00:00'
select timestamp '2024-01-01 10:00:00Z'
select timestamp '2024-01-01T10:00:00+02:00'
select timestamp_ltz '2024-01-01 00:00:00'
select date '2024'
select date 'epoch'
select X'1f'
select x'AB' = X'ab'
select interval '1' month
select interval 2 months
select interval 1 year 2 months
select interval '1-2' year to month
select interval -1 day
select interval '90' minute
select interval 1.5 seconds
select interval 1 week
select interval '10' second
select interval 100 days
select interval 1 day 2 hours 3 minutes 4 seconds
select interval '1 2' day to hour
select d + d from t
select d * d from t
select d - d, d % d from t
select d div d from t
select id + name from v group by id
select 1 from v where (select sum(v) from v) > 1 and sum(id) > 1
select * from (select id, sum(v) from v)
select * from (select id from v where id)
select id from v a where (select 1 from v b where b.id = a.id and b.name = a.name) = 1
select (select max(b.id) from v b where b.name = a.name and b.v = a.v) from v a
select a.id from v a join v b on a.id
select a.id from v a join v b on sum(a.id) > 1
select a.id from v a join v b on a.nope = b.id
select count(*) from v a join v b on a.id = b.id where b.name = 'x' group by a.name
select case when id then 1 end from v
select case id when 'a' then 1 else 'x' end from v
select id like name from v
select id || name from v
select -name from v
select +name from v
select ~name from v
select ~v from v
select id & v from v
select id & name from v
select id | 1L, id ^ true from v
select h + 1 from t
select a + h from t
select f + 1.5 from t
select f + d from t
select f - d from t
select g + 1 from t
select f * 2 from t
select f = 1 from t
select f > '2024-01-01' from t
select g > '2024-01-01' from t
select f between '2024-01-01' and '2024-02-01' from t
select f in ('2024-01-01', date'2024-01-02') from t
select l = d from t
select l = 'x', l > l from t
select a in (select d from t) from t
select a in (select h from t) from t
select * from t where a in (select d from u2)
select * from v where id in (select name from v)
select * from v where id not in (select v from v)
select * from v where (id) in (select id from v)
select sum(distinct id), min(distinct id) from v
select upper(distinct name) from v
select count() from v
select count(), sum() from v
select avg(name)
select sum(name)
select max(h) from v
select t
select first(id, name) from v
select lag(id, id) over (order by id) from v
select lag(id, 'x') over (order by id) from v
select ntile(0) over (order by id) from v
select nth_value(id, 0) over (order by id) from v
select row_number(id) over (order by id) from v
select sum(id) over (order by count(*)) from v group by id
select id, sum(count(*)) over () from v group by id
select rank() over (partition by name order by id desc nulls first) from v
select sum(v) filter (where name) from v
select upper(name) filter (where true) from v
select sum(row_number() over (order by id)) from v
select row_number() over (order by row_number() over (order by id)) from v
select max(id) over (order by id rows between 1.5 preceding and current row) from v
select max(id) over (order by id rows between id preceding and current row) from v
select max(id) over (order by id rows between unbounded following and current row) from v
select max(id) over (order by id rows between 1 following and 2 preceding) from v
select round(id, 'x') from v
select round(name, 1) from v
select round(h) from t
select sqrt(h) from t
select abs(f) from t
select upper(f), trim(g) from t
select year(a) from t
select date_add('2024-01-01', 1), date_add(id, 1) from v
select datediff(1, 2)
select concat_ws(1, 2, 3)
select regexp_extract(name, 'a', 'x') from v
select substring(name) from v
select substring(name, 1, 2, 3) from v
select lpad(name) from v
select coalesce() from v
select nvl(id) from v
select if(id, 1, 2) from v
select if(true, 1) from v
select greatest(id, name) from v
select isnan(name) from v
select to_date(id, 'yyyy') from v
select make_date(1, 2) from v
select extract(nope from current_date())
select extract(year from id) from v
select extract(hour from current_date())
select timestampdiff(foo, now(), now())
select date_trunc(month, now())
select trunc(current_date())
select date_part('year', current_date())
select current_date(1)
select now(1)
select cast('a' as decimal(40,2))
select cast(1 as decimal(5,6))
select cast(name as array<int>) from v
select a.id, b.id from v a, v b where a.id = b.id order by id
select id, id from v order by id
select id as x, v as x from v order by x
select a.id as id from v a, v b order by id
select name, sum(v) as v from v group by name order by sum(v)
select name, sum(v) as total from v group by name order by total + 1, name
select name n, max(v) from v group by n having n = 'a' order by n
select name n, max(v) from v group by name having n = 'a' order by upper(n)
select id, max(v) from v group by id having id > 1 and max(v) > 2 and min(v) < 3
select sum(v) total, total * 2 from v
select upper(name) u, length(u) from v where u = 'x'
select id x from v group by id having x > 1
select 1 having 1 > 0
select count(*) where false
select distinct id from v order by v.id
select distinct id as x from v order by id
select id from v order by nope
select id from v order by v.nope
select sum(id) s from v order by nope
select id from (select id, v from v) order by v
select id from v union all select id from v limit 2
select * from v a left semi join v b using (id)
select b.id from v a left semi join v b using (id)
select b.id from v a left semi join v b on a.id = b.id
select * from v a right join v b using (id, name)
select a.*, b.* from v a full join v b using (id)
select * from v a natural left join v b
select v.* from v a join v b using (id)
select * from v a join v b using (id) join v c using (id)
select name from v a join v b using (id)
select a.id from v a join v a on 1 = 1
select * from v a join v b on a.id = b.id join v c on c.id = b.id where c.v > 1
# queries as people write them
select v.name, count(*) as n, sum(t.c) as total, avg(t.e) as mean from v join t on v.id = t.a where t.f >= date'2024-01-01' group by v.name having count(*) > 1 order by total desc limit 10
with recent as (select a, max(g) as last_seen from t group by a), names as (select id, upper(name) as name from v) select n.name, r.last_seen, datediff(current_date(), r.last_seen) as days from recent r join names n on r.a = n.id order by days desc nulls last
select a, b, row_number() over (partition by a order by g desc) as rn, sum(c) over (partition by a order by g rows between 6 preceding and current row) as s7, lag(c, 1, 0) over (partition by a order by g) as prev, c - lag(c) over (partition by a order by g) as delta from t
select * from (select *, row_number() over (partition by a order by g desc) rn from t) where rn = 1
select a, sum(case when h then 1 else 0 end) as yes, sum(if(h, c, 0)) as amount, count(distinct d) as kinds, max(e) - min(e) as spread from t group by a
select date_trunc('month', g) as month, count(*) cnt, round(avg(c), 2) as mean from t group by date_trunc('month', g) order by month
select date_trunc('month', g) as month, count(*) from t group by 1 order by 1
select coalesce(t.d, u.x, 'none') as label, nullif(t.a, 0) as z, t.e * 1.2 as taxed, round(t.e / 3, 2) r from t left join u on t.a = u.a and u.y > 0
select a as user, count_if(h) / count(*) as share from t group by a
select year(f) * 100 + month(f) as ym, sum(e) from t group by year(f) * 100 + month(f)
select year(f) as y, month(f) as m, sum(e) as s from t group by y, m order by y, m
select t.*, u.x from t left join u using (a)
select a, x from t join u using (a) where y > 1 order by x
select a from t where a in (select a from u) and b not in (select a from u where a is not null)
select a from t where exists (select 1 from u where u.a = t.a and u.y > t.c)
select a from t where not exists (select 1 from u where u.a = t.a)
select a from t x where c > (select avg(y) from u where u.a = x.a)
select a, c / sum(c) over () as share, rank() over (order by c desc) as r, ntile(4) over (order by c) as q from t
select a, stddev(c), var_pop(c), percent_rank() over (order by a) from t group by a
select * from t where d like 'a%' and f between '2024-01-01' and '2024-12-31' and e in (1, 2.5) or h
select concat_ws('-', d, cast(a as string)) k, lpad(d, 10, '0'), regexp_replace(d, '[0-9]+', '#') from t
select a, 'x' as kind from t union all select a, x from u order by a limit 5
select a from t union select a from u union all select id from v
select a from t intersect select a from u except select id from v
select a from t union (select a from u intersect select id from v)
select count(*) from (select distinct a, d from t)
select distinct a, d from t order by a desc, d limit 3
select a, first_value(c) over w, last_value(c) over w, sum(c) over (partition by d order by f range between interval 7 days preceding and current row) from t window w as (partition by a order by f)
select a, c from t qualify row_number() over (partition by a order by c desc) <= 3
select unix_timestamp(g) - unix_timestamp(lag(g) over (order by g)) as gap from t
select case when c is null then 'none' when c < 10 then 'low' when c between 10 and 20 then 'mid' else 'high' end as band, count(*) from t group by all
select cast(d as double) * 2, int(d) + 1, cast(c as decimal(10,2)), c::int, try_cast(d as date) from t
select sum(e), avg(e), sum(e) / count(*), sum(e * 2), min(e), max(e) from t
select (a + b) * c / e from t
select a % 2 = 0 as even, -a, +a, a & 1, ~a from t
select greatest(a, b, 0), least(c, 1.5), nvl(a, 0), nvl2(a, 'y', 'n'), ifnull(d, '') from t
select timestampdiff(hour, g, current_timestamp()) from t
select trim(upper(d)) as u, length(trim(d)) from t where trim(d) <> ''
select min_by(d, g) as first_d, max_by(d, g) as last_d, any_value(d) from t group by a
select x.a, y.a from t x full outer join u y on x.a = y.a where x.a is null or y.a is null
select x.a from t x left anti join u y on x.a = y.a
select x.a from t x left semi join u y on x.a = y.a and y.y > 3
select a.id, b.id, c.id from v a join v b on a.id < b.id join v c on b.id < c.id
select * from v a cross join u
select sum(v) as total from v where name is not null group by name having total > 100 order by total
with a as (select 1 as n), b as (select n + 1 as n from a), c as (select * from b union all select * from a) select sum(n) from c
with x(p, q) as (values (1, 'a'), (2, 'b')) select p, q from x where p > 1
select p + 1, upper(q) from values (1, 'a'), (2, 'b') as t9(p, q)
select `a`, `t`.`b`, T.C from t
select a /* comment */ , -- more\n b from t
select a\nfrom t\nwhere nope = 1
select a,\n  b\nfrom t\nwher a = 1
select a from t\nwhere a = = 1
select (select count(*) from u) + a as n from t
select id, (select max(y) from u) m, v.v * 2 from v
select 1 + 1, 'a' || 'b', true and false, not true, 1 < 2, 1 = 1.0, '1' = 1
select a from t group by a order by max(c) desc
select a, max(c) from t group by a order by max(c) desc, a
select a, max(c) m from t group by a having max(c) > 1 order by max(c)
select a + 1 as a1, count(*) from t group by a + 1 order by a1
select a + 1, count(*) from t group by a order by a + 1
select upper(d), count(*) from t group by upper(d) order by upper(d)
select d, count(*) from t group by d having d > 'a'
select sum(c) over (partition by a) - avg(c) over (partition by a) as x from t
select max(sum(c)) over (partition by a) from t group by a, d
select a, rank() over (order by count(*) desc) from t group by a
select distinct a + 1 from t order by a + 1
select distinct a + 1 as x from t order by x
select a from t order by c + e, lower(d)
select a from t order by row_number() over (order by c)
select count(*) from t where a = (select max(a) from t)
select count(*), count(a), count(distinct a), count(distinct a, d), sum(distinct a) from t
select month(current_date()), current_date() - 1, current_date() + interval 1 month
select date_format(g, 'yyyy-MM'), to_date(d, 'dd/MM/yyyy'), from_unixtime(b), hour(g), extract(year from g), dayofweek(f) from t
select sha2(d, 256), md5(d), hex(a), ascii(d), chr(65), initcap(d), reverse(d), repeat(d, 2), split_part(d, ',', 2), instr(d, 'a'), locate('a', d), translate(d, 'a', 'b'), startswith(d, 'a'), contains(d, 'b') from t
select a from t where a
select a from t where c + 1
select a from t having a > 1
select t.a from t join t on t.a = t.a
select nosuch(a), a from t
select a from nosuch
select a from t where f > 5
select sum(d), avg(d), max(d) from t
select a + d from t
select a || b from t
select h + h from t
select count(*) from t group by nope
select a from t order by nope
select a as x from t where x > 1
select a, sum(c) from t
select a, d, sum(c) from t group by a
select sum(sum(c)) from t
select max(c) from t where max(c) > 1
select a from t limit 10 offset 5
select a from t offset 3
select a from t limit 'a'
select * from (select a, b from t) s where s.c = 1
select s.* from (select a, b from t) s
select s.a, s.b from (select a, b from t) as s(a, b)
select s.p from (select a from t) s(p)
select s.a from (select a from t) s(p)
select 1 as `weird name`, 2 as `x.y`
select a b, b a from t
select a as b, b as c from t order by b
select a as b from t order by b
select a as b, b from t where b = 1
select a x, a y from t group by a
select a, a from t order by a
select null as n, null = 1, coalesce(null, 1), case when true then null else 2 end
select case when a = 1 then 1 when a = 2 then 2.5 else c end from t
select case when h then null end from t
select if(h, null, 1), if(null, 1, 2) from t
select round(2.5), round(2.567, 2), round(-1.5), round(123.456, -1), ceil(1.2), floor(-1.2), abs(-1), sign(-2)
select 10 / 4, 10 div 4, 10 % 4, 10.0 / 4, 7 / 2.0, 1 / 3, 1.0 / 3.0
select 1.1 + 2.22, 1.1 * 2.22, 1.1 - 2.22, 1.10 / 2.2, 9.99 % 2
select 1e0 + 1, 1.5F + 1, 1.5D * 2, 1L + 1S, 1Y + 1Y, 100L / 3
select a + 1.5, b + 1.5, i + 1.5, j * 2.0, e + a, e - 1L, m / 3 from t
select date'2024-01-31' + 1, date'2024-01-31' - date'2024-01-01' > interval 1 day, timestamp'2024-01-01 00:00:00' + interval 1 hour
select f + 7, f - 7, f + interval 1 week, g + interval 30 minutes, f > g from t
select a from (select a, a as b from t) where b = 1
select t.a, u.a from t join u on t.a = u.a order by a
select t.a as x, u.a as x from t join u on t.a = u.a order by x
select t.a from t join u on t.a = u.a order by u.a
select t.a from t join u on t.a = u.a group by t.a order by u.a
select a from t group by a having u > 1
select x.a from t x group by a
select a from t x group by x.a
select x.a as q from t x group by q order by x.a
select a + b as s from t order by a + b
select a + b as s from t group by a + b order by s + 1
select a, b, count(*) from t group by 1, 2 having count(*) > 1 and a > 1 order by 3 desc
select a from t order by a.x
select count(distinct a) + 1 from t having count(distinct a) > 0
select sum(a) from t having sum(b) > 1
select sum(a) from t having a > 1
select 1 from t having count(*) > 1
select max(a) from t order by max(a)
select max(a) m from t order by m
select max(a) from t order by a
select a from t order by 1, 1
select a from t order by 0
select a from t order by -1
select a from t order by 'x'
select a from t order by 1 + 1
select a from t group by 1 + 1
select a, 1 from t group by a, 1
select 'x', count(*) from t group by 'x'
select a, 'c' as k, count(*) from t group by a, k
select null, count(*) from t group by null
select a from t group by all
select a, b, sum(c) from t group by all
select a + sum(c) from t group by all
select sum(c) from t group by all
select * from t group by all
select distinct * from u
select distinct sum(a) from t
select distinct a, sum(c) from t group by a order by sum(c)
select distinct a, sum(c) from t group by a order by a
select distinct a from t order by b
select u.*, t.a from t, u
select * from t, u where t.a = u.a and t.b > u.y
select * from t inner join u on t.a = u.a and t.h
select * from t left join u on t.a = u.a left join v on v.id = u.a
select * from t join u on a = a
select * from t join u using (a, b)
select * from t natural join u
select * from u natural join v
select a.a, b.a, c.a from u a full join u b using (a) full join u c using (a)
select a from u a full join u b using (a) full join u c using (a)
select count(a) from t join u using (a) group by a
select sum(y) from t join u using (a) group by t.a
select * from u x join u y using (a) where x.x = 'a' and y.x = 'b'
select x from u x join u y using (a)
select a from t union all select y from u
select a, d from t union all select y, y from u
select f from t union all select g from t
select d from t union all select f from t
select h from t union all select a from t
select a from t union all select e from t
select e from t union all select m from t
select null from t union all select l from t
select a from t except all select a from u
select a as p from t union select a as q from u order by p desc
select a as p from t union select a as q from u order by t.a
select a from t union select a from u limit 3 offset 1
(select a from t order by a limit 1) union all (select a from u order by a limit 1)
(select a from t)
((select a from t)) order by a
(select a from t order by b) limit 3
select * from (select a from t union select a from u) x where a > 1
with c as (select a from t) select c.a, d.a from c join c d on c.a = d.a
with c as (select a, a from t) select * from c
with c(x, y) as (select a, a from t) select x + y from c
with c as (select a from t where nope = 1) select 1
with c as (select 1 as a) select * from c where exists (select 1 from c d where d.a = c.a)
select (select a from t where t.a = 1) from u
select (select max(t.a) from t where t.d = u.x) + 1 as q, u.x from u
select a, (select count(*) from t y where y.a = t.a) c from t group by a
select sum((select max(y) from u)) from t
select a from t where (select max(y) from u) > c
select a from t where a in (select u.a from u where u.x = t.d) or b = 1
select a from t where (a, d) not in (select a, x from u)
select a in (1, 2, null), a not in (1, null), d in ('a', 'b'), e in (1, 2), c in (1, 2.5) from t
select exists (select * from u), not exists (select 1 from u where u.a = 1) from t
select a from t where exists (select u.a, u.x from u)
select a from t where not (a in (select a from u))
select a from t where a = any (select 1)
select count(*) filter (where a > 1), sum(c) filter (where d = 'x') s from t group by h
select sum(c) over (partition by d, h order by g desc nulls first, a rows unbounded preceding) from t
select sum(c) over (order by a rows between unbounded preceding and unbounded following) from t
select sum(c) over (order by a rows current row), sum(c) over (order by a range current row), count(*) over (order by a range unbounded preceding) from t
select sum(c) over (order by a rows 3 preceding), max(c) over (order by a rows between 1 following and 3 following) from t
select sum(c) over (order by b range between 10 preceding and 10 following), sum(c) over (order by a range between 1 following and 2 following) from t
select sum(c) over (order by c range between 1 preceding and current row), sum(c) over (order by e range between 1 preceding and current row) from t
select sum(c) over (order by f range between interval 1 month preceding and current row) from t
select lag(d) over (partition by a order by g), lead(f, 2) over (order by g), lag(e, 1, 0) over (order by a), lag(c, 1, 0) over (order by a), lag(a, 1, 1.5) over (order by a), lead(d, 1, 'none') over (order by a) from t
select ntile(3) over (partition by a order by c), cume_dist() over (order by c), percent_rank() over (partition by d order by c) from t
select row_number() over w1, rank() over w2 from t window w1 as (order by a), w2 as (partition by d order by c)
select row_number() over (w1) from t window w1 as (order by a)
select row_number() over w9 from t window w1 as (order by a)
select count(*) over (), count(a) over (order by b), avg(e) over (partition by d) from t
select min(f) over (order by g), max(d) over (partition by h), first(c, true) over (order by a), last(c) ignore nulls over (order by a) from t
select row_number() over (order by a) - rank() over (order by a) as diff from t
select sum(row_number() over (order by a)) over () from t
select case when row_number() over (partition by d order by g) = 1 then c end as firsts from t
select a from t qualify rank() over (order by c) < 3 order by a
select a, rank() over (order by c) r from t qualify r < 3 and a > 1
select a, sum(c) from t group by a qualify rank() over (order by sum(c)) = 1
select cast('1' as int), cast('x' as date), cast(1.5 as string), cast(null as int), cast(true as int), cast('a' as binary), cast(1 as boolean), cast(a as decimal(10,2)), cast(c as decimal(5,1)), cast(e as decimal(5,1)), cast(e as decimal(20,4)), cast(e as bigint), cast(k as double), cast(c as float), cast(b as int), cast(i as tinyint), cast(j as bigint), cast(n as date), cast(n as string), cast(g as string), cast(f as timestamp_ntz), cast(g as int), cast(m as double) from t
select try_cast(a as tinyint), try_cast(d as decimal(10,2)), try_cast(c as int), try_cast(e as decimal(5,1)), try_cast(g as date), try_cast(d as boolean) from t
select round(a), round(c, 2), round(e), round(e, 1), round(e, 3), round(e, -1), round(m, 2), bround(c), round(i), round(b, -2), round(k, 1), round(1.005, 2), round(10) from t
select ceil(a), ceil(e), ceil(m), floor(c), floor(k), ceil(1), floor(1.5), ceil('1.5') from t
select abs(a), abs(e), abs(d), sign(e), negative(e), positive(d), pmod(a, 3), pmod(c, 2), pmod(e, 2), mod(b, a), mod(e, 1.5) from t
select greatest(a, b, c), greatest(e, 1.234), least(d, 'x'), greatest(f, g), greatest(1, null), least(null, null) from t
select coalesce(a, e), coalesce(d, f), coalesce(1, 'x'), coalesce(h, false), coalesce(null, d), coalesce(f, g), coalesce(k, c), coalesce(a, c, e) from t
select if(a > 1, 'x', null), if(h, f, g), if(h, 1, 'x'), if(h, e, m), nullif(d, 'x'), nullif(a, b), nullif(1.5, a) from t
select a is null and b is not null or not h, (a = 1) = (b = 2), a = b = true from t
select not h = true, not a > 1 and b > 1, h is not true from t
select a > 1, a > 1.5, a > '1', c = '1.5', e > 1, e > 1.55, f = '2024-01-01', g >= f, h = 'true', h = true, d > 'a', l = l from t
select a = 'x', b < '10', i = 1, j > 100, k = 1.5, m > e, e <> 0, a <=> null, null <=> null from t
select d like '%x_', d not like 'a\\_b', d like concat('%', d), d rlike '^a.*', d regexp 'x', d ilike 'A%', d like '%/%%' escape '/' from t
select length(d), length(a), char_length(l), upper(null), lower(d || 'X'), trim(both ' ' from d), trim(leading from d), trim(trailing 'x' from d), substring(d, 2), substring(d from 2), substr(d, -3, 2), left(d, 3), right(d, 3) from t
select lpad(a, 5, '0'), rpad(d, 3), replace(d, 'a'), repeat(d, a), space(a), instr(d, d), locate('a', d, 2), position('a' in d), split_part(d, '.', -1), substring_index(d, '.', 2), levenshtein(d, 'x') from t
select concat(), concat('a'), concat(a, d, f), concat_ws(','), concat_ws(',', a, d, null), concat_ws(d, 'x', 'y') from t
select md5('a'), sha1('a'), sha2('a', 256), crc32('a'), base64('a'), unbase64('YQ=='), hex(255), hex('a'), unhex('41') from t
select year(f), month(g), day(d), quarter(f), hour(g), minute(g), second(g), dayofyear(f), weekofyear(f), weekday(f), last_day(f), next_day(f, 'MON'), dayname(f), monthname(f) from t
select date_add(f, a), date_sub(f, 1), date_add(g, 1), datediff(f, d), add_months(f, a), months_between(f, g), trunc(f, 'year'), date_trunc('day', g), date_trunc('week', f) from t
select to_date(d), to_date(g), to_date(d, 'yyyy'), to_timestamp(d), to_timestamp(d, 'yyyy-MM-dd'), to_timestamp(f), date(g), timestamp(f), date_format(f, 'y'), unix_timestamp(d), unix_timestamp(g), from_unixtime(a), timestamp_seconds(b), timestamp_millis(b), make_date(2024, a, 1) from t
select timestampadd(day, 1, g), timestampadd(month, a, f), dateadd(day, 1, f), dateadd(f, 1), timestampdiff(minute, g, g), datediff(month, f, f), date_diff(f, f) from t
select extract(year from f), extract(month from g), extract(day from d), extract(hour from g), extract(second from g), extract(week from f), extract(quarter from f), extract(DOW from f) from t
select min(d), max(f), min(h), max(g), min(e), max(l), count(l), first(d), last(f, true), any_value(h), bool_and(h), every(h), some(a > 1), count_if(a > 1), median(a), corr(a, c), stddev_pop(e), var_samp(a) from t
select avg(a), avg(b), avg(e), avg(m), avg(k), avg(d), sum(a), sum(i), sum(j), sum(k), sum(e), sum(m), sum(d), mean(a) from t
select sum(a) * 1.0 / count(*), sum(e) * 100 / sum(m), avg(e) / 2, sum(a) / sum(b), sum(c) / nullif(sum(a), 0) from t
select e * e * e, m * 2, m + 1, m / 2, e * m, (e + 1) * 2, e / 3 * 3, e % 3, e div 2, -e + 1, abs(e) * 1.5 from t
select 1 + 1.5, 1 * 2.5, 10 / 2.5, 3 % 1.5, 100 + 0.01, 1.5 + 1L, 0.1 * 0.1, 1.0 / 7, 12345.678 * 100, 1 - 0.9 from t
select a + '1', '1' + 1, '2' * 1.5, d + c, d - a, d / a, a / d, d % a, d div 2, -d, '1' || 1 from t
select true + 1 from t
select 'a' + 'b'
select f + f from t
select f + '1 day' from t
select a + null, null + null from t
select interval 1 day + f from t
select f - interval 1 year - interval 1 day from t
select current_timestamp() - interval 7 days, now() - interval '1' hour, current_date - interval 1 week
select nope.a from t
select t.nope from t
select T.A, t.B from T
select `a`.`b` from t
select a.b.c from t
select count(nope) from t
select upper(nope) from t where nope2 = 1
select a from t where nope = 1 order by nope2
select sum(nope) over (partition by a) from t
select sum(a) over (partition by nope) from t
select a from t join u on t.nope = u.a
select a from t join nope on 1 = 1
select * from nope.nope2
select upper(a, b) from t
select substring(d) from t
select round() from t
select coalesce() from t
select nvl(a) from t
select sum(a, b) from t
select count() from t
select lag() over (order by a) from t
select rank(a) over (order by a) from t
select foo(a) from t
select foo(nope) from t
select upper(foo(a)) from t
select max(foo(a)) from t group by nope
select year(a), upper(a) from t
select date_add(a, 1) from t
select sqrt(h) from t
select sum(f) from t
select sum(h) from t
select avg(l) from t
select case when a then 1 end, nope from t
select if(1, 2, 3)
select coalesce(a, h) from t
select coalesce(f, 1) from t
select greatest(a, h) from t
select a in ('x', h) from t
select a in (f) from t
select a between f and g from t
select a = f from t
select a and h from t
select not 1
select a like h, d like 1 from t
select cast(f as int) from t
select cast(h as date) from t
select cast(l as int) from t
select cast(a as nosuchtype) from t
select a::nosuch from t
select date'2024-13-01'
select timestamp'2024-01-01 25:00:00'
select 1.5Y
select 300Y, 1
select 40000S
select 99999999999999999999L
select 1e999
select 1.5BD, 1e2BD, .5BD
select X'zz'
select a from t where
select a from t where )
select a from t group by
select a from t order by
select a from t limit
select a from t having
select a from
select a from t join u on
select a from t left u
select a from t full u on 1 = 1
select a from t inner u
select a from t cross u
select a from t natural u
select from t where a = 1
select a b c from t
select a as from t
select a as, b from t
select (a from t
select a) from t
select a,, b from t
select ,a from t
select a from t,
select a from ,t
select a from (t
select a from (select a from t
select a from (select a from t) )
select sum(a from t
select sum(a)) from t
select case a when 1 then 2 from t
select case when a = 1 2 end from t
select case when then 1 end from t
select cast(a int) from t
select cast(a as int from t
select cast(as int) from t
select a between 1 or 2 from t
select a between 1 and from t
select a in 1 from t
select a in (1, ) from t
select a in (1 2) from t
select a is from t
select a is not from t
select a is nul from t
select a like from t
select a not from t
select not from t
select a not like from t
select a = from t
select a + from t
select + from t
select a * * b from t
select a = = b from t
select a <> > b from t
select a || from t
select a . b from t
select a. from t
select 1 2
select 'a' b 'c'
select 'a
select "a
select `a
select a from t where d = 'x
select a @ b from t
select a # b
select a from t; select b
select a from t;;
;
select
(
()
select ()
select (1, 2)
select ((1))
with
with a
with a as
with a as (
with a as (select 1
with a as (select 1)
with a as (select 1), select 2
with a as (select 1) b as (select 2) select 1
with a (select 1) select * from a
values
values (1
values (1,)
values 1, 2, 'a'
values (1), (2, 3)
table
table t
table nope
select distinct
select distinct distinct a from t
select all a from t
select all distinct a from t
select over from t
select a over from t
select sum(a) over from t
select sum(a) over ( from t
select sum(a) over (order a) from t
select sum(a) over (partition by) from t
select sum(a) over (partition by a order by) from t
select sum(a) over (rows between) from t
select sum(a) over (rows between 1 and 2) from t
select sum(a) over (order by a rows between 1 preceding) from t
select sum(a) filter (a > 1) from t
select sum(a) filter where a > 1 from t
select extract(year, f) from t
select extract(year from) from t
select trim(both from) from t
select substring(d from) from t
select position('a' in) from t
select interval
select interval day
select interval 1 days ago
select date '2024-01-01
select timestamp
select date
select a from t as
select a from t as x y
select a from t x, u y, v
select a from t x on x.a = 1
select a from t where a = 1 where b = 2
select a from t order by a order by b
select a from t limit 1 limit 2
select a from t limit 1 offset 1 limit 2
select a from t offset 1 limit 2
select a from t group by a group by b
select a from t having a having b
select a from t union union select a from t
select a from t union all all select a from t
select a from t intersect all distinct select a from t
select a union select b
select * except a from t
select * from t except (a)
select count(*
select count(distinct a, ) from t
select max(all a) from t
select a from t order by a nulls
select a from t order by a nulls middle
select a from t order by a asc desc
select a from t order by a desc nulls first, b
explain select 1 from
select a from select b from t
select a from t where select 1
select a from t where exists
select a from t where exists select 1
select a from t where a in select 1
# grouping sets: names, places, what may be NULL
select id, name, count(*) from v group by rollup (id, name)
select id, name, count(*) from v group by grouping sets ((id, name), (id))
select id, name from v group by id, cube (name)
select id, grouping(id), grouping_id(), grouping_id(id) from v group by cube (id)
select id + 1, coalesce(name, '') as c from v group by rollup (id, name)
select id from v group by grouping sets ((id))
select grouping(id) from v group by id
select id, grouping(v) from v group by rollup (id)
select grouping_id(v) from v group by rollup (id)
select id, v from v group by rollup (id)
select a from t where grouping(a) = 1
select id, sum(grouping(id)) from v group by rollup (id)
select id from v group by rollup (id) having grouping(id) = 1
select id from v group by rollup (id, rollup (name))
select id from v group by grouping sets (rollup (id, name), cube (name))
# words that are functions and columns
select user, current_date from (select 1 as user, 2 as current_date)
select x.user from (select 1 as user) x
select user from (select 1 as user) x, (select 2 as user) y
select 1 as user, user + 1 as b
from v select id
from v
from v select nope
select id, name from v order by all
select id, row_number() over (order by id) as r, r + 1 as s from v
select id, row_number() over (order by id) as r, r + 1 from v
