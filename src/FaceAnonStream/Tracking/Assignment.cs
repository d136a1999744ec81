namespace FaceAnonStream.Tracking;

/// <summary>
/// The linear assignment problem, solved by shortest augmenting paths: O(n³) at worst (R. Jonker, A. Volgenant, "A shortest
/// augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987).
/// </summary>
public static class Assignment
{
    /// <summary>Gives rows columns, no column twice, at the least total cost.</summary>
    /// <param name="cost">[row, column]: finite, or positive infinity where the pair is forbidden.</param>
    /// <param name="unassignedCost">Finite cost of leaving a row without a column.</param>
    /// <returns>The column of each row, or -1.</returns>
    public static int[] Solve(double[,] cost, double unassignedCost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        var solver = new Solver(cost, unassignedCost);
        for (var row = 0; row < cost.GetLength(0); row++)
        {
            solver.Augment(row);
        }

        return solver.Result();
    }

    /// <summary>Each row gets a column of its own after the real ones, which stands for "unassigned".</summary>
    private sealed class Solver
    {
        private readonly double[,] _cost;
        private readonly double _unassignedCost;
        private readonly int _realColumns;
        private readonly double[] _rowPrice;
        private readonly double[] _columnPrice;
        private readonly int[] _columnOf;
        private readonly int[] _rowOf;
        private readonly double[] _distance;
        private readonly int[] _cameFrom;
        private readonly bool[] _visited;

        public Solver(double[,] cost, double unassignedCost)
        {
            var rows = cost.GetLength(0);
            _cost = cost;
            _unassignedCost = unassignedCost;
            _realColumns = cost.GetLength(1);
            var columns = _realColumns + rows;
            _rowPrice = new double[rows];
            _columnPrice = new double[columns];
            _columnOf = new int[rows];
            _rowOf = new int[columns];
            Array.Fill(_columnOf, -1);
            Array.Fill(_rowOf, -1);
            _distance = new double[columns];
            _cameFrom = new int[columns];
            _visited = new bool[columns];
        }

        /// <summary>Assigns one more row, moving earlier ones along the cheapest path to a free column.</summary>
        public void Augment(int start)
        {
            var free = FindNearestFreeColumn(start);
            UpdatePrices(start, _distance[free]);
            for (int column = free, row = -1; row != start;)
            {
                row = _cameFrom[column];
                _rowOf[column] = row;
                (_columnOf[row], column) = (column, _columnOf[row]);
            }
        }

        public int[] Result() => Array.ConvertAll(_columnOf, column => column < _realColumns ? column : -1);

        /// <summary>Dijkstra's search over reduced costs; a row's own column is always free, so it always ends.</summary>
        private int FindNearestFreeColumn(int start)
        {
            Array.Fill(_distance, double.PositiveInfinity);
            Array.Clear(_visited);
            var row = start;
            var reached = 0.0;
            while (true)
            {
                var nearest = -1;
                for (var column = 0; column < _distance.Length; column++)
                {
                    if (_visited[column])
                    {
                        continue;
                    }

                    var distance = reached + Cost(row, column) - _rowPrice[row] - _columnPrice[column];
                    if (distance < _distance[column])
                    {
                        _distance[column] = distance;
                        _cameFrom[column] = row;
                    }

                    if (nearest < 0 || _distance[column] < _distance[nearest])
                    {
                        nearest = column;
                    }
                }

                _visited[nearest] = true;
                if (_rowOf[nearest] < 0)
                {
                    return nearest;
                }

                reached = _distance[nearest];
                row = _rowOf[nearest];
            }
        }

        /// <summary>Keeps every reduced cost at 0 or more, and at 0 for assigned pairs.</summary>
        private void UpdatePrices(int start, double pathLength)
        {
            _rowPrice[start] += pathLength;
            for (var column = 0; column < _distance.Length; column++)
            {
                if (_visited[column] && _rowOf[column] >= 0)
                {
                    _columnPrice[column] -= pathLength - _distance[column];
                    _rowPrice[_rowOf[column]] += pathLength - _distance[column];
                }
            }
        }

        private double Cost(int row, int column)
        {
            if (column < _realColumns)
            {
                return _cost[row, column];
            }

            return column - _realColumns == row ? _unassignedCost : double.PositiveInfinity;
        }
    }
}
