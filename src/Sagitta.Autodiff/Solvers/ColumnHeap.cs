namespace Sagitta.Autodiff.Solvers;

/// <summary>Columns by distance, the nearest first. A column may lie in it several times: all but its shortest distance are passed
/// over.</summary>
internal sealed class ColumnHeap
{
    private (double Distance, int Column)[] _entries = new (double, int)[64];
    private int _count;

    /// <summary>Empties the heap.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a column at a distance.</summary>
    public void Push(double distance, int column)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        int at = _count++;
        while (at > 0)
        {
            int parent = (at - 1) / 2;
            if (_entries[parent].Distance <= distance)
            {
                break;
            }

            _entries[at] = _entries[parent];
            at = parent;
        }

        _entries[at] = (distance, column);
    }

    /// <summary>Takes out the nearest column whose distance is still the current one; whether there was any.</summary>
    public bool Pop(double[] current, out double distance, out int column)
    {
        while (_count > 0)
        {
            (distance, column) = _entries[0];
            Sink(_entries[--_count]);
            if (distance <= current[column])
            {
                return true;
            }
        }

        distance = double.PositiveInfinity;
        column = -1;
        return false;
    }

    private void Sink((double Distance, int Column) last)
    {
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && _entries[child + 1].Distance < _entries[child].Distance)
            {
                child++;
            }

            if (last.Distance <= _entries[child].Distance)
            {
                break;
            }

            _entries[at] = _entries[child];
            at = child;
        }

        _entries[at] = last;
    }
}
