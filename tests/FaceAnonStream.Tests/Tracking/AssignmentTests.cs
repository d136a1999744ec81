using FaceAnonStream.Tracking;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Tracking;

public class AssignmentTests
{
    private const double Unassigned = 2;

    [Fact]
    public void Solve_UpToSixBySix_CostsAsLittleAsBruteForce()
    {
        var entry = Gen.Frequency((4, Gen.Choose(0, 40).Select(n => n / 16.0)), (1, Gen.Constant(double.PositiveInfinity)));
        var matrices =
            from rows in Gen.Choose(0, 6)
            from columns in Gen.Choose(0, 6)
            from entries in entry.ArrayOf(rows * columns)
            select Matrix(rows, columns, entries);

        Prop.ForAll(matrices.ToArbitrary(), cost =>
        {
            var columnOf = Assignment.Solve(cost, Unassigned);
            var used = columnOf.Where(column => column >= 0).ToList();
            used.ShouldBeUnique();
            TotalCost(cost, columnOf).ShouldBe(LeastCost(cost, 0, new bool[cost.GetLength(1)]), 1e-9);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Solve_GreedyChoiceIsDear_TakesTheCheaperTotal()
    {
        Assignment.Solve(new[,] { { 0.1, 0.2 }, { 0.2, 1.9 } }, Unassigned).ShouldBe([1, 0]);
    }

    [Fact]
    public void Solve_NegativeCosts_AreTaken()
    {
        Assignment.Solve(new[,] { { 0.0, -5.0 }, { -1.0, -5.5 } }, Unassigned).ShouldBe([1, 0]);
    }

    [Fact]
    public void Solve_EverythingForbidden_LeavesRowsAlone()
    {
        Assignment.Solve(new[,] { { double.PositiveInfinity }, { double.PositiveInfinity } }, Unassigned).ShouldBe([-1, -1]);
    }

    private static double[,] Matrix(int rows, int columns, double[] entries)
    {
        var matrix = new double[rows, columns];
        for (var i = 0; i < entries.Length; i++)
        {
            matrix[i / columns, i % columns] = entries[i];
        }

        return matrix;
    }

    private static double TotalCost(double[,] cost, int[] columnOf) =>
        columnOf.Select((column, row) => column < 0 ? Unassigned : cost[row, column]).Sum();

    private static double LeastCost(double[,] cost, int row, bool[] taken)
    {
        if (row == cost.GetLength(0))
        {
            return 0;
        }

        var least = Unassigned + LeastCost(cost, row + 1, taken);
        for (var column = 0; column < taken.Length; column++)
        {
            if (!taken[column])
            {
                taken[column] = true;
                least = Math.Min(least, cost[row, column] + LeastCost(cost, row + 1, taken));
                taken[column] = false;
            }
        }

        return least;
    }
}
