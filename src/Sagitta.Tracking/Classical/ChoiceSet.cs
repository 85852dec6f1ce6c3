using System.Numerics;

namespace Sagitta.Tracking.Classical;

/// <summary>Which choices of a cluster per plane were met before. Open addressing; keeps its memory when cleared.</summary>
internal sealed class ChoiceSet(int planes)
{
    private int[] _slots = new int[64];
    private int[] _choices = new int[16 * planes];
    private int _count;

    /// <summary>Forgets all choices.</summary>
    public void Clear()
    {
        if (_count > 0)
        {
            Array.Clear(_slots);
            _count = 0;
        }
    }

    /// <summary>Adds a choice.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(ReadOnlySpan<int> choice)
    {
        int slot = Slot(choice);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (_choices.AsSpan((_slots[slot] - 1) * planes, planes).SequenceEqual(choice))
            {
                return false;
            }
        }

        if ((_count + 1) * planes > _choices.Length)
        {
            Array.Resize(ref _choices, 2 * _choices.Length);
        }

        choice.CopyTo(_choices.AsSpan(_count * planes));
        _slots[slot] = ++_count;
        if (2 * _count > _slots.Length)
        {
            Grow();
        }

        return true;
    }

    private int Slot(ReadOnlySpan<int> choice)
    {
        uint hash = 0;
        foreach (int cluster in choice)
        {
            hash = (BitOperations.RotateLeft(hash, 5) ^ (uint)cluster) * 0x9E3779B9;
        }

        return (int)(hash >> 7) & (_slots.Length - 1);
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (int i = 0; i < _count; i++)
        {
            int slot = Slot(_choices.AsSpan(i * planes, planes));
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = i + 1;
        }
    }
}
