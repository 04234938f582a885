// Promotions, conversions, wrap-around, shifts and division.
#include <stdio.h>
#include <stdint.h>
#include <stdbool.h>
#include <limits.h>

int main(void)
{
	char c = -1;
	signed char sc = 200;
	unsigned char uc = 300;
	short s = 40000;
	unsigned short us = -1;
	printf("%d %d %d %d %d\n", c, sc, uc, s, us);
	int big = INT_MAX;
	big++;
	printf("%d %u\n", big, (unsigned)big);
	unsigned u = 0;
	u--;
	printf("%u %d %lld\n", u, (int)u, (long long)(int)u);
	printf("%d %d %d\n", -1 < 1u, (char)-1 < 1, sizeof(int) > -1);
	printf("%d %d %d %d\n", -7 / 2, -7 % 2, 7 / -2, 7 % -2);
	printf("%u %u\n", -7 / 2u, -7 % 2u);
	printf("%d %d\n", -17 >> 2, (unsigned)-17 >> 28);
	printf("%d %d\n", 1 << 31, (int)(1u << 31) >> 31);
	long long ll = 1LL << 40;
	printf("%lld %d %u\n", ll, (int)(ll >> 8), (unsigned)ll);
	unsigned long long ull = -1;
	printf("%llu %lld %llu\n", ull, (long long)ull, ull / 3);
	printf("%lld\n", (long long)0x7fffffff * 0x7fffffff);
	printf("%lld %lld\n", -9223372036854775807LL - 1, LLONG_MIN / 10 % 1000);
	printf("%d\n", 65536 * 65536 + 5);
	int product = 123456;
	product *= 654321;
	printf("%d\n", product);
	_Bool yes = 256, no = 0;
	bool maybe = &yes;
	yes += 3;
	printf("%d %d %d %d\n", yes, no, maybe, (bool)0x100);
	uint8_t b8 = 250;
	b8 += 10;
	int8_t i8 = 127;
	i8++;
	uint16_t b16 = 65535;
	b16 *= b16;
	int64_t wide = INT64_MAX;
	wide++;
	printf("%d %d %d %lld\n", b8, i8, b16, wide);
	printf("%d %d %d\n", 'a', '\xff', '\377');
	printf("%zu %zu %zu %zu\n", sizeof 'a', sizeof(short), sizeof(long), sizeof(long long));
	printf("%zu %zu %zu\n", sizeof("hello"), sizeof(char *), sizeof(c + c));
	printf("%d %d %d\n", !5, !0, !!-3);
	printf("%d %u %d\n", ~0, ~0u, ~(char)0);
	printf("%d\n", (5, 6, 7));
	printf("%lld\n", (long long)(1 ? -1 : 1u));
	printf("%d %d\n", 3 > 2 > 1, 1 == 1 == 1);
	printf("%d\n", 0x80000000 > 0);
	printf("%d %d\n", -2147483648 < 0, 2147483648 > 0);
	unsigned shift = 33;
	printf("%d\n", 1 << (shift & 31));
	int min = INT_MIN;
	printf("%d %d\n", -min, min - 1);
	s = 1;
	s <<= 15;
	c = 'z';
	c += 200;
	printf("%d %d\n", s, c);
	printf("%d %d\n", (short)70000, (signed char)(char)200);
	return 0;
}
