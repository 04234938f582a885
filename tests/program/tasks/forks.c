// fork in every place where a call can stand. Each child says where it came from and what it knows, then ends.
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int depth;
static int calls;

static int one(int value)
{
	calls++;
	return value;
}

static void leave(const char *where, int a, int b)
{
	printf("%s %d %d\n", where, a, b);
	fflush(stdout);
	_exit(a & 63);
}

static int status(void)
{
	int word = -1;
	wait(&word);
	return WEXITSTATUS(word);
}

static int twins(int n)
{
	int local[3] = {n, n + 1, one(n + 2)};
	if (n > 0)
		return twins(n - 1) + local[2];
	fflush(stdout);
	pid_t pid = fork();
	local[1] += 10;
	if (!pid)
		leave("twins", local[1], local[2]);
	return status();
}

static void nothing(int *seen)
{
	fflush(stdout);
	if (fork() == 0)
		leave("nothing", *seen, 0);
	*seen = status() + 100;
}

static int in_switch(int kind)
{
	int result = 0;
	switch (kind) {
	case 0:
		result++;
	case 1:
		result += 10;
		if (fork() == 0)
			leave("switch", kind, result);
		result += status();
	case 2:
		result += 100;
		break;
	case 3: {
		for (int i = 0; i < 3; i++) {
			if (i == 1)
				continue;
			if (fork() == 0)
				leave("case 3", i, result);
			result += status();
			if (i == 2)
				break;
		}
		break;
	}
	default:
		return -(one(1) && fork() ? status() : (leave("default", kind, result), 1));
	}
	return result;
}

int main(void)
{
	int sum = 0, i, array[4] = {0, 0, 0, 0};
	printf("start\n");
	fflush(stdout);
	for (i = 0; i < 3; i++) {
		int pid;
		if ((pid = fork()) == 0)
			leave("for", i, sum);
		else
			sum += status() + 1;
	}
	while (i-- > 0 && fork() != 0)
		sum += status();
	if (i >= 0)
		leave("while", i, sum);
	do {
		depth++;
		if (depth == 2)
			continue;
		sum++;
	} while (depth < 4 && (fork() || (leave("do", depth, sum), 0)) && status() >= 0);
	int rounds = 0;
	for (int k = 0; k < 4; k += fork() ? 1 + (status() & 1) : (leave("step", k, rounds), 0)) {
		if (k == 2)
			continue;
		rounds++;
	}
	array[one(2)] = fork() ? status() + 5 : (leave("element", array[2], calls), 1);
	array[one(1)] += fork() ? status() + array[2] : (leave("update", array[1], calls), 1);
	sum += twins(3);
	nothing(&sum);
	for (int kind = 0; kind < 5; kind++)
		sum = sum * 3 + in_switch(kind);
	pid_t last = one(3) > 2 ? fork() : -1, never = one(0) ? fork() : 7;
	if (last == 0)
		leave("choice", never, sum);
	sum += status();
	printf("%d %d %d %d %d %d %d\n", sum, calls, depth, rounds, array[1], array[2], never);
	return 0;
}
